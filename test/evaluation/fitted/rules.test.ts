import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Change } from '../../../evaluation/fitted/change.ts'
import { drawBatch } from '../../../evaluation/fitted/draw-batch.ts'
import type { Measured } from '../../../evaluation/fitted/fitted-subject.ts'
import { columnMoments } from '../../../evaluation/fitted/plain-statistics.ts'
import { ABLATIONS, RULES } from '../../../evaluation/fitted/rules.ts'
import type { MapView, View } from '../../../evaluation/window/view.ts'
import type { FeatureColumn, FeatureGroup } from '../../../src/representations/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

const NAMES: readonly (readonly [string, FeatureGroup])[] = [
  ['mean', 'property'],
  ['noise', 'property'],
  ['loss', 'reconstruction'],
  ['excess-loss', 'reconstruction'],
  ['code-0', 'code'],
  ['component-1', 'component'],
  ['witness-blurred', 'witness'],
  ['outlier-distance', 'outlier'],
]
const columns = NAMES.map(([name, group]): FeatureColumn => ({ name, group, title: name }))
const groups: FeatureGroup[] = [...new Set(NAMES.map(([, group]) => group)), 'place']

/** Normal columns; those of the named groups are moved. */
function rows(count: number, moved: readonly FeatureGroup[], random: Random): View {
  const width = columns.length
  const values = new Float32Array(count * width)
  for (let i = 0; i < values.length; i++) {
    values[i] = random.normal() + (moved.includes(columns[i % width].group) ? 1.5 : 0)
  }
  return { width, values }
}

const random = createRandom(5)
const reference = rows(300, [], random)
const plain = rows(300, [], random)
const maps = [{ name: 'specks', title: 'specks', rows: 3, columns: 4 }]
const places = mapRows(300, false)
const prepared = { columns, groups, maps, reference, places, plainMoments: columnMoments(plain) }

function mapRows(count: number, isMoved: boolean): MapView {
  const values = new Int8Array(12 * count).map((_, i) =>
    Math.round(30 * random.normal() + (isMoved && i % 12 < 4 ? 60 : 0)),
  )
  return { width: 12, values }
}

function pValues(name: string, moved: readonly FeatureGroup[], batches: number): number[] {
  const test = RULES.find((rule) => rule.name === name)?.prepare(prepared)
  assert.ok(test)
  return Array.from({ length: batches }, (_, seed) =>
    test(
      {
        features: rows(40, moved, random),
        places: mapRows(40, moved.includes('place')),
        plain: rows(40, moved, random),
      },
      seed,
    ),
  )
}

describe('rules', () => {
  for (const { name } of RULES) {
    it(`${name} sees that everything moved, and rarely alarms when nothing did`, () => {
      assert.ok(pValues(name, groups, 3).every((p) => p <= 0.01))
      // Binomial(30, 0.03), the highest of them, exceeds 5 once in 5,000.
      assert.ok(pValues(name, [], 30).filter((p) => p <= 0.01).length <= 5)
    })
  }

  it('parts of the product see nothing in columns that were taken away', () => {
    const blind: Readonly<Record<string, readonly FeatureGroup[]>> = {
      'no-outlier': ['outlier'],
      'no-witness': ['outlier', 'witness'],
      'no-autoencoder': ['outlier', 'reconstruction', 'code'],
      'no-properties': ['outlier', 'property'],
      'no-components': ['outlier', 'component'],
      'no-places': ['outlier', 'place'],
      'only-autoencoder': ['outlier', 'property', 'component', 'witness', 'place'],
      'only-properties': ['outlier', 'reconstruction', 'code', 'component', 'witness', 'place'],
      'only-components': ['outlier', 'reconstruction', 'code', 'property', 'witness', 'place'],
      'only-places': ['outlier', 'property', 'reconstruction', 'code', 'component', 'witness'],
      'only-witness': ['outlier', 'property', 'reconstruction', 'code', 'component', 'place'],
      'only-outlier': ['property', 'reconstruction', 'code', 'component', 'witness', 'place'],
    }
    assert.deepEqual(ABLATIONS.map(({ name }) => name).toSorted(), Object.keys(blind).toSorted())
    for (const [name, moved] of Object.entries(blind)) {
      const found = pValues(name, moved, 10)
      assert.ok(found.filter((p) => p <= 0.01).length <= 2, name)
      const seen = groups.filter((group) => !moved.includes(group))
      assert.ok(
        pValues(name, seen, 3).every((p) => p <= 0.01),
        name,
      )
    }
  })
})

describe('drawBatch', () => {
  const view = (value: (row: number) => number, count = 100): View => ({
    width: 1,
    values: Float32Array.from({ length: count }, (_, row) => value(row)),
  })
  const measured = (one: View): Measured => ({
    features: one,
    places: { width: 1, values: Int8Array.from(one.values) },
    plain: one,
  })
  const labels = Uint8Array.from({ length: 100 }, (_, row) => row % 10)
  const sets = {
    clean: measured(view((row) => row)),
    changed: measured(view((row) => 1000 + row)),
    labels,
  }
  const change: Change = { name: 'c', title: 'c', apply: (pixels) => pixels }

  it('changes the stated share of the images, each image once', () => {
    for (const [share, count] of [
      [0.1, 2],
      [0.5, 10],
      [1, 20],
      [0.001, 1],
    ] as const) {
      const { features, plain: other } = drawBatch(change, sets, { size: 20, share, seed: 3 })
      const values = [...features.values]
      assert.equal(values.filter((value) => value >= 1000).length, count)
      assert.equal(new Set(values.map((value) => value % 1000)).size, 20)
      assert.deepEqual(other, features)
    }
  })

  it('draws the same batch for the same seed and another for another', () => {
    const draw = (seed: number) => drawBatch(change, sets, { size: 20, share: 0.5, seed }).features
    assert.deepEqual(draw(1), draw(1))
    assert.notDeepEqual(draw(1), draw(2))
  })

  it('leaves out the stated share of a class and changes no image', () => {
    const missing = { name: 'm', title: 'm', missing: 3 }
    const own = { ...sets, changed: sets.clean }
    const { features } = drawBatch(missing, own, { size: 80, share: 1, seed: 1 })
    assert.ok(features.values.every((row) => labels[row] !== 3 && row < 1000))
  })
})
