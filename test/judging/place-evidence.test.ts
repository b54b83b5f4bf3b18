import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { placesInAlarm, placesOf } from '../../src/judging/place-evidence.ts'
import type { FeatureTest } from '../../src/judging/window-test.ts'
import { prepareOmnibusReference } from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'

const maps = [
  { name: 'specks', title: 'specks', rows: 2, columns: 3 },
  { name: 'light', title: 'light', rows: 1, columns: 2 },
]
const CELLS = 8
const random = createRandom(1)

function rowsOf(rows: number, shift = 0): Int8Array {
  return new Int8Array(rows * CELLS).map((_, i) =>
    Math.round(20 * random.normal() + (i % CELLS === 7 ? shift : 0)),
  )
}

const prepared = prepareOmnibusReference(
  new Float32Array(100).map(() => random.normal()),
  1,
  rowsOf(100),
)

function testOf(adjusted: readonly number[], groups: FeatureTest['groups'] = []): FeatureTest {
  return {
    pValue: 0.01,
    mode: 'exact',
    draws: 99,
    groups,
    columns: [],
    maps: adjusted.map((adjustedPValue, map) => ({
      map,
      statistic: 4,
      pValue: adjustedPValue,
      adjustedPValue,
    })),
    comparison: { prepared },
  }
}

const images = Array.from({ length: 20 }, (_, i) => ({
  record: { id: String(i) },
  place: i,
  hash: i,
}))

describe('the evidence of places', () => {
  it('has the differences of the maps that are sure, the surest first', () => {
    const places = rowsOf(20, 40)
    const found = placesOf({ maps }, { places, images }, testOf([0.2, 0.01]))
    assert.deepEqual(
      found?.map(({ name }) => name),
      ['light', 'specks'],
    )
    const [light, specks] = found ?? []
    assert.equal(specks.differences, null)
    assert.equal(light.differences?.length, 2)
    assert.ok(Math.abs(light.differences[0]) < 4)
    assert.ok(light.differences[1] > 6)
  })

  it('has none where no map is sure, and nothing where there are no maps', () => {
    const places = rowsOf(20)
    const quiet = placesOf({ maps }, { places, images }, testOf([0.06, 0.5]))
    assert.deepEqual(
      quiet?.map(({ differences }) => differences),
      [null, null],
    )
    assert.equal(placesOf({}, { places, images }, testOf([0.01, 0.01])), undefined)
    assert.equal(placesOf({ maps }, { images }, testOf([0.01, 0.01])), undefined)
    assert.equal(placesOf({ maps }, { places, images }, testOf([])), undefined)
  })

  it('tells an alarm of places alone from one among others', () => {
    const group = (name: string, adjustedPValue: number) => ({
      name,
      pValue: adjustedPValue,
      adjustedPValue,
      strongestColumn: 0,
    })
    const alarm = (property: number, place: number) =>
      placesInAlarm(testOf([], [group('property', property), group('place', place)]), 0.01)
    assert.equal(alarm(0.5, 0.02), 'none')
    assert.equal(alarm(0.01, 0.02), 'none')
    assert.equal(alarm(0.02, 0.01), 'alone')
    assert.equal(alarm(0.01, 0.01), 'among others')
  })
})
