import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createBaseline } from '../../src/judging/baseline.ts'
import { behindRows, type Comparison } from '../../src/judging/comparison.ts'
import {
  comparesPlaces,
  drawsFor,
  type FeatureTestOptions,
  prepareSizes,
  rankedColumns,
  rowBlocks,
  testedGroups,
  testFeatures,
} from '../../src/judging/window-test.ts'
import { tableOf } from '../../src/representations/index.ts'
import {
  ALLOWED_SCORES,
  omnibusExact,
  omnibusFast,
  prepareFastOmnibus,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'

const columns = [
  { name: 'brightness', group: 'property', title: 'Brightness' },
  { name: 'loss', group: 'reconstruction', title: 'Loss' },
  { name: 'excess-loss', group: 'reconstruction', title: 'Excess loss' },
  { name: 'predicted-class', group: 'prediction', title: 'Predicted class' },
] as const

const WIDTH = columns.length

function rows(count: number, seed: number, shift = 0): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: WIDTH * count }, (_, i) =>
    i % WIDTH === 3 ? random.integer(3) : random.normal() + shift,
  )
}

const manifest = { columns, features: ['property', 'reconstruction', 'prediction'] } as const
const table = tableOf(columns, rows(120, 1))
const baseline = createBaseline(table)
const { comparison } = baseline
const groups = testedGroups(manifest)
const options: FeatureTestOptions = { level: 0.05, seed: 3 }
const plain = { permutations: 999, random: createRandom(3) }

/** What a test says of a window, without what it was compared with. */
const verdictOf = (
  detector: Parameters<typeof testFeatures>[0],
  window: Float32Array,
  own = {},
) => {
  const { comparison: against, ...result } = testFeatures(detector, window, { ...options, ...own })
  return { result, against }
}

describe('places of the frame', () => {
  const settings = { columns, features: ['property', 'place'] } as const
  const maps = [{ name: 'specks', title: 'Specks', rows: 2, columns: 3 }]

  it('are compared where the reference has maps, the test looks at them, and no change of pixels is tolerated', () => {
    assert.equal(comparesPlaces({ settings, maps }), true)
    assert.equal(comparesPlaces({ settings }), false)
    assert.equal(comparesPlaces({ settings: manifest, maps }), false)
    const tolerant = { ...settings, tolerance: { untested: [] } }
    assert.equal(comparesPlaces({ settings: tolerant, maps }), false)
    assert.equal(
      comparesPlaces({ settings: { ...settings, toleratedFiles: ['size'] }, maps }),
      true,
    )
  })
})

describe('the groups that are tested', () => {
  it('hold the columns of their kind, in the order they are reported', () => {
    assert.deepEqual(groups, [
      { name: 'property', columns: [0], kind: 'rank', also: undefined },
      { name: 'reconstruction', columns: [1, 2], kind: 'rank+raw', also: undefined },
      { name: 'prediction', columns: [3], kind: 'category', also: undefined },
    ])
    const few = testedGroups({ columns, features: ['outlier', 'prediction', 'property'] })
    assert.deepEqual(
      few.map(({ name }) => name),
      ['property', 'prediction'],
    )
  })

  it('are without columns that tolerated changes move, and gone where none is left', () => {
    const tolerance = { untested: ['brightness', 'loss'] }
    assert.deepEqual(testedGroups({ ...manifest, tolerance }), [
      { name: 'reconstruction', columns: [2], kind: 'rank+raw', also: undefined },
      { name: 'prediction', columns: [3], kind: 'category', also: undefined },
    ])
  })

  it('listen to the few unusual images, and to what a model says as a whole', () => {
    const own = [
      { name: 'unusual', group: 'outlier', title: 'Unusualness' },
      { name: 'embedding-1', group: 'classifier', title: 'Embedding' },
    ] as const
    assert.deepEqual(
      testedGroups({ columns: own, features: ['outlier', 'classifier'] }).map(
        ({ name, also }) => `${name}: ${also}`,
      ),
      ['outlier: few', 'classifier: together'],
    )
  })

  it('are compared by ranks alone where they say so', () => {
    assert.deepEqual([...rankedColumns(columns)], [0])
  })
})

describe('the window test', () => {
  it('draws 999 times, and more where a lower level asks for it', () => {
    assert.deepEqual([0.5, 0.05, 0.01, 0.005, 0.001].map(drawsFor), [999, 999, 999, 1999, 9999])
    const { result } = verdictOf({ manifest, baseline }, rows(20, 5), { level: 0.004 })
    assert.equal(result.draws, 2499)
  })

  it('is the exact test of the groups, by the seed', () => {
    const window = rows(25, 4, 0.7)
    const { result, against } = verdictOf({ manifest, baseline }, window)
    const expected = omnibusExact(comparison.prepared, window, groups, {
      ...plain,
      random: createRandom(3),
    })
    assert.deepEqual(result, expected)
    assert.equal(against, comparison)
    assert.ok(result.pValue < 0.01)
  })

  it('exchanges whole blocks where both sides have them', () => {
    const window = rows(20, 4, 0.7)
    const blocks = Uint32Array.from({ length: 120 }, (_, i) => i >> 2)
    const own = Uint32Array.from({ length: 20 }, (_, i) => i >> 2)
    const { result } = verdictOf({ manifest, baseline, blocks }, window, { blocks: own })
    const expected = omnibusExact(comparison.prepared, window, groups, {
      permutations: 999,
      random: createRandom(3),
      blocks: { reference: blocks, window: own },
    })
    assert.deepEqual(result, expected)
    const unblocked = verdictOf({ manifest, baseline }, window)
    assert.deepEqual(verdictOf({ manifest, baseline, blocks }, window), unblocked)
    assert.deepEqual(verdictOf({ manifest, baseline }, window, { blocks: own }), unblocked)
  })

  it('screens batches of a size that nulls were drawn for, and only those', () => {
    const prepared = { manifest, baseline: prepareSizes({ manifest, baseline }, [20], 9) }
    const quiet = rows(20, 8)
    const { result } = verdictOf(prepared, quiet)
    const nulls = prepareFastOmnibus(comparison.prepared, groups, {
      sizes: [20],
      random: createRandom(9),
    })
    const exact = { permutations: 999, random: createRandom(3) }
    assert.deepEqual(result, omnibusFast(nulls, quiet, { ...exact, level: 0.05 }))
    assert.equal(result.mode, 'fast')
    const more = { manifest, baseline: prepareSizes(prepared, [12], 1) }
    assert.deepEqual(verdictOf(more, quiet).result, result)
    assert.equal(verdictOf(prepared, rows(21, 8)).result.mode, 'exact')
    assert.equal(verdictOf(prepared, quiet, { mode: 'exact' }).result.mode, 'exact')
    const blocks = { blocks: Uint32Array.from({ length: 20 }, (_, i) => i) }
    assert.equal(verdictOf(prepared, quiet, blocks).result.mode, 'exact')
  })

  it('draws nulls for a batch that is to be screened and has none, by the seed', () => {
    const quiet = rows(20, 8)
    const asked = verdictOf({ manifest, baseline }, quiet, { mode: 'fast' })
    const nulls = prepareFastOmnibus(comparison.prepared, groups, {
      sizes: [20],
      random: createRandom(3),
    })
    const exact = { permutations: 999, random: createRandom(3) }
    assert.deepEqual(asked.result, omnibusFast(nulls, quiet, { ...exact, level: 0.05 }))
    const ready = { manifest, baseline: prepareSizes({ manifest, baseline }, [20], 9) }
    assert.deepEqual(verdictOf(ready, quiet, { mode: 'fast' }), verdictOf(ready, quiet))
  })

  it('adds sizes to those there are', () => {
    const first = prepareSizes({ manifest, baseline }, [20, 10], 9)
    const both = prepareSizes({ manifest, baseline: first }, [30, 10], 8)
    const sizes = both.comparison.fast?.nulls.map(({ size }) => size)
    assert.deepEqual(sizes, [10, 20, 30])
    assert.deepEqual(both.comparison.fast?.nulls.slice(0, 2), first.comparison.fast?.nulls)
    assert.equal(baseline.comparison.fast, undefined)
  })
})

describe('what is tolerated', () => {
  const shifted = (shift: number): Comparison => ({
    prepared: prepareOmnibusReference(rows(120, 1, shift), WIDTH),
  })

  /** A detector that tolerates these, and how many of them it asked for. */
  const tolerating = (...mixtures: readonly Comparison[]) => {
    const asked: Comparison[] = []
    function* nearest() {
      for (const mixture of mixtures) {
        asked.push(mixture)
        yield mixture
      }
    }
    return { asked, detector: { manifest, baseline: { ...baseline, nearest } } }
  }

  it('is not asked for where the reference explains a batch by itself', () => {
    const { asked, detector } = tolerating(shifted(2))
    assert.equal(verdictOf(detector, rows(25, 4)).against, comparison)
    assert.deepEqual(asked, [])
  })

  it('explains a batch that the reference does not', () => {
    const near = shifted(2)
    const { asked, detector } = tolerating(near, shifted(5))
    const { result, against } = verdictOf(detector, rows(25, 4, 2))
    assert.equal(against, near)
    assert.ok(result.pValue > 0.1)
    assert.equal(result.mode, 'exact')
    assert.deepEqual(asked, [near])
  })

  it('is asked for to the end where nothing explains a batch, and the best of all is kept', () => {
    const mixtures = [shifted(-4), shifted(1.4), shifted(9)]
    const { asked, detector } = tolerating(...mixtures)
    const { against, result } = verdictOf(detector, rows(25, 4, 2))
    assert.deepEqual(asked, mixtures)
    assert.equal(against, mixtures[1])
    assert.ok(result.pValue < 0.1 && result.pValue > 0.001)
  })

  it('is preferred to the reference where neither is nearer', () => {
    const far = shifted(-4)
    const { detector } = tolerating(far)
    const { result, against } = verdictOf(detector, rows(25, 4, 20))
    assert.equal(result.pValue, 1 / 1000)
    assert.equal(against, far)
  })

  it('has to explain a batch by twice the level where that is more than a tenth', () => {
    const { asked, detector } = tolerating(shifted(2))
    const { result } = verdictOf(detector, rows(25, 4), { level: 0.499 })
    assert.ok(result.pValue < 0.998)
    assert.equal(asked.length, 1)
  })

  it('is tested exactly even where nulls of the size are ready, and spared what it may be', () => {
    const ready = prepareSizes({ manifest, baseline }, [25], 9)
    const allowances = new Float32Array(WIDTH * ALLOWED_SCORES).fill(0.4)
    const near = { ...shifted(1.5), allowances }
    const window = rows(25, 4, 2)
    const against = (mixture: Comparison) =>
      verdictOf({ manifest, baseline: { ...ready, nearest: () => [mixture] } }, window)
    const spared = against(near)
    assert.equal(spared.result.mode, 'exact')
    assert.deepEqual(
      spared.result,
      omnibusExact(near.prepared, window, groups, {
        ...plain,
        random: createRandom(3),
        allowances,
      }),
    )
    assert.ok(spared.result.pValue > against(shifted(1.5)).result.pValue)
  })
})

describe('the rows of a comparison', () => {
  const blocks = Uint32Array.of(7, 8, 9)

  it('have the labels and blocks of the images they were made of', () => {
    const changed = { ...comparison, originals: Uint32Array.of(2, 0) }
    assert.deepEqual(behindRows(changed, blocks), Uint32Array.of(9, 7))
    assert.equal(behindRows(comparison, blocks), blocks)
    const window = Uint32Array.of(1)
    assert.deepEqual(rowBlocks(blocks, window, changed), {
      reference: Uint32Array.of(9, 7),
      window,
    })
  })

  it('are in no blocks where one side has none', () => {
    assert.equal(rowBlocks(undefined, blocks, comparison), undefined)
    assert.equal(rowBlocks(blocks, undefined, comparison), undefined)
  })
})
