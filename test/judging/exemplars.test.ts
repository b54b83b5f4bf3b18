import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chooseExemplars, type TestedBatch } from '../../src/judging/exemplars.ts'
import { prepareOmnibusReference } from '../../src/statistics/index.ts'
import type { FeatureEvidence } from '../../src/verdict/index.ts'
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

const REFERENCE = 200
/** Images with all numbers from 0 to 1 in the first and in the last column, the latter in another order. */
const reference = prepareOmnibusReference(
  Float32Array.from(
    Array.from({ length: REFERENCE }, (_, i) => [i, 0, (7 * i) % REFERENCE]).flat(),
    (value) => value / REFERENCE,
  ),
  3,
)

const feature = (name: string, change: Partial<FeatureEvidence> = {}) =>
  ({ name, kind: 'quantity', adjustedPValue: 0.01, ...change }) as FeatureEvidence

const tested = (
  features: readonly FeatureEvidence[],
  change: Partial<TestedBatch> = {},
): TestedBatch => ({ features, reference, isFound: true, ...change })

const placesOf = (images: readonly { readonly place: number }[]) => images.map(({ place }) => place)

const representative = (rows: readonly Row[], batch: TestedBatch | null) =>
  placesOf(chooseExemplars(columns, windowOf(rows), batch).representative)

const rows = Array.from({ length: 12 }, (_, i): Row => [i, (7 * i) % 12, 11 - i])

/** So many images as the reference has them, none in the last bin, and behind them the others. */
const mixed = (count: number, others: readonly Row[]): Row[] => [
  ...Array.from({ length: count }, (_, i): Row => [
    (0.97 * i) / count,
    0,
    (0.97 * ((7 * i) % count)) / count,
  ]),
  ...others,
]

describe('exemplars', () => {
  it('are the eight most unusual images, by their places in the source', () => {
    const { mostUnusual } = chooseExemplars(columns, windowOf(rows), null)
    // Unusual are the rows with 11, 10, … 4.
    const expected = [5, 10, 3, 8, 1, 6, 11, 4].map((row) => 2 * row)
    assert.deepEqual(placesOf(mostUnusual), expected)
    assert.deepEqual(mostUnusual[0], { id: 'image 5', place: 10 })
  })

  it('are a few changed images among many, wherever the batch as a whole is', () => {
    const changed = Array.from({ length: 8 }, (): Row => [0.99, 0, 0.5])
    const found = representative(mixed(92, changed), tested([feature('brightness')]))
    assert.deepEqual(
      found,
      [92, 93, 94, 95, 96, 97, 98, 99].map((row) => 2 * row),
    )
  })

  it('are where the batch is denser, not the one that is far out alone', () => {
    const changed = Array.from({ length: 8 }, (): Row => [0.99, 0, 0.5])
    const batch = mixed(91, [[-5, 0, 0.5], ...changed])
    const found = representative(batch, tested([feature('brightness')]))
    assert.ok(!found.includes(2 * 91))
  })

  it('count every feature that surely changed, at one in twenty', () => {
    const changed = Array.from({ length: 8 }, (): Row => [0.99, 0, 0.5])
    const other = Array.from({ length: 9 }, (): Row => [0.5, 0, 0.99])
    const batch = mixed(83, [...changed, ...other])
    const last = (found: readonly number[]) => Math.min(...found) / 2
    const both = (first: number, second: number) =>
      representative(
        batch,
        tested([
          feature('brightness', { adjustedPValue: first }),
          feature('contrast', { adjustedPValue: second }),
        ]),
      )
    assert.equal(last(both(0.0499, 0.05)), 83)
    assert.equal(last(both(0.05, 0.0499)), 91)
    // Of both the more frequent.
    assert.equal(last(both(0.01, 0.01)), 91)
  })

  it('are found by classes too', () => {
    const classes = mixed(60, []).map(([, unusual, contrast], i): Row => [i % 3, unusual, contrast])
    const known = prepareOmnibusReference(
      Float32Array.from(
        Array.from({ length: REFERENCE }, (_, i) => [i % 20 === 0 ? 2 : i % 2, 0, 0]).flat(),
      ),
      3,
    )
    const found = representative(
      classes,
      tested([feature('brightness', { kind: 'category' })], { reference: known }),
    )
    assert.ok(found.every((place) => (place / 2) % 3 === 2))
    assert.equal(found.length, 8)
  })

  it('are none where nothing surely changed, but for a batch that drifted as a whole', () => {
    const unsure = [
      ...Array.from({ length: 8 }, () => feature('brightness', { adjustedPValue: 0.05 })),
      feature('contrast', { adjustedPValue: 0.05 }),
    ]
    const batch = mixed(83, [
      ...Array.from({ length: 8 }, (): Row => [0.99, 0, 0.5]),
      ...Array.from({ length: 9 }, (): Row => [0.5, 0, 0.99]),
    ])
    assert.deepEqual(representative(batch, tested(unsure, { isFound: false })), [])
    // By the first eight features.
    assert.equal(Math.min(...representative(batch, tested(unsure))) / 2, 83)
    assert.deepEqual(representative(batch, null), [])
  })

  it('are fewer in a batch of few images', () => {
    const few = chooseExemplars(
      columns,
      windowOf(rows.slice(0, 3)),
      tested([feature('brightness')]),
    )
    assert.deepEqual(placesOf(few.mostUnusual), [2, 4, 0])
    assert.equal(few.representative.length, 3)
  })
})
