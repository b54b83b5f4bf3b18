import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chooseExemplars } from '../../src/judging/exemplars.ts'
import type { FeatureEvidence, QuantityEvidence } from '../../src/verdict/index.ts'
import type { Measurements } from '../../src/measuring/values/index.ts'

const columns = [
  { name: 'brightness', group: 'property', title: 'Brightness' },
  { name: 'unusual', group: 'outlier', title: 'Unusualness' },
  { name: 'contrast', group: 'property', title: 'Contrast' },
] as const

type Row = readonly [brightness: number, unusual: number, contrast: number]

/** Images at every other place of the source. */
const windowOf = (rows: readonly Row[]) =>
  ({
    images: rows.map((_, i) => ({ record: { id: `image ${i}` }, place: 2 * i })),
    values: Float32Array.from(rows.flat()),
  }) as unknown as Measurements

/** A feature whose reference spreads by one, moved by two to `batchMean`. */
const moved = (name: string, batchMean: number, change: Partial<QuantityEvidence> = {}) =>
  ({
    name,
    kind: 'quantity',
    adjustedPValue: 0.01,
    referenceMean: batchMean - 2,
    batchMean,
    hedgesG: 2,
    ...change,
  }) as QuantityEvidence

const placesOf = (images: readonly { readonly place: number }[]) => images.map(({ place }) => place)

const rows = Array.from({ length: 12 }, (_, i): Row => [i, (7 * i) % 12, 11 - i])

describe('exemplars', () => {
  it('are the eight most unusual images, by their places in the source', () => {
    const { mostUnusual } = chooseExemplars(columns, windowOf(rows), [])
    // Unusual are the rows with 11, 10, … 4.
    const expected = [5, 10, 3, 8, 1, 6, 11, 4].map((row) => 2 * row)
    assert.deepEqual(placesOf(mostUnusual), expected)
    assert.deepEqual(mostUnusual[0], { id: 'image 5', place: 10 })
  })

  it('are those nearest to what the batch became, in the features that surely changed', () => {
    const nearest = (features: readonly FeatureEvidence[]) =>
      placesOf(chooseExemplars(columns, windowOf(rows), features).representative)
    assert.deepEqual(nearest([moved('brightness', 3.1)]), [6, 8, 4, 10, 2, 12, 0, 14])
    assert.deepEqual(nearest([moved('contrast', 0.2)]).slice(0, 3), [22, 20, 18])
    // Far in brightness counts less where brightness spreads more: ten of its own deviations.
    const wide = moved('brightness', 4, { referenceMean: -16 })
    assert.deepEqual(nearest([wide, moved('contrast', 0.2)]).slice(0, 3), [22, 20, 18])
    assert.deepEqual(
      nearest([moved('brightness', 0), { ...wide, name: 'contrast' }]).slice(0, 3),
      [0, 2, 4],
    )
  })

  it('are compared in standard deviations of the reference, as the size of the change tells them', () => {
    // Two deviations are 4, so one is 2: nearest to 2 in these units and to a contrast of 0 are the rows 9, 10 and 8.
    const features = [moved('brightness', 2, { referenceMean: -2 }), moved('contrast', 0)]
    const { representative } = chooseExemplars(columns, windowOf(rows), features)
    assert.deepEqual(placesOf(representative).slice(0, 3), [18, 20, 16])
  })

  it('are compared so whatever the sizes of the changes', () => {
    // One deviation of the brightness is 1, one of the contrast 4: a step of it is a sixteenth of the brightness's.
    const features = [
      moved('brightness', 6, { referenceMean: 2, hedgesG: 4 }),
      moved('contrast', 0, { referenceMean: -2, hedgesG: 0.5 }),
    ]
    const { representative } = chooseExemplars(columns, windowOf(rows), features)
    assert.deepEqual(placesOf(representative).slice(0, 3), [12, 14, 10])
  })

  it('are compared in the unit of a feature that did not move, where there is no other', () => {
    const still = moved('brightness', 5, {
      referenceMean: 5,
      hedgesG: 0,
    })
    const { representative } = chooseExemplars(columns, windowOf(rows), [still])
    assert.deepEqual(placesOf(representative).slice(0, 3), [10, 8, 12])
  })

  it('follow features that are sure at one in twenty', () => {
    const found = (adjustedPValue: number) =>
      chooseExemplars(columns, windowOf(rows), [moved('brightness', 3, { adjustedPValue })])
        .representative.length
    assert.deepEqual([found(0.0499), found(0.05)], [8, 0])
  })

  it('are no nearest ones where nothing surely changed, and none by classes', () => {
    const unsure = moved('brightness', 3, { adjustedPValue: 0.05 })
    const classes = { ...moved('contrast', 3), kind: 'category' } as unknown as FeatureEvidence
    const found = chooseExemplars(columns, windowOf(rows), [unsure, classes])
    assert.deepEqual(found.representative, [])
  })

  it('follow the eight strongest features', () => {
    const first = Array.from({ length: 8 }, () => moved('brightness', 0))
    const ninth = moved('contrast', 0, {
      referenceMean: 0.001,
      hedgesG: 2,
    })
    const nearest = (features: readonly FeatureEvidence[]) =>
      chooseExemplars(columns, windowOf(rows), features).representative[0].place
    assert.equal(nearest([...first, ninth]), 0)
    assert.equal(nearest([...first.slice(1), ninth]), 22)
  })

  it('are fewer in a batch of few images', () => {
    const few = chooseExemplars(columns, windowOf(rows.slice(0, 3)), [moved('brightness', 0)])
    assert.deepEqual(placesOf(few.mostUnusual), [2, 4, 0])
    assert.deepEqual(placesOf(few.representative), [0, 2, 4])
  })
})
