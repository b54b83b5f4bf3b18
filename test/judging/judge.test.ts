/** What a judgement puts together, of columns of every kind. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cameraCode } from '../../src/file-properties.ts'
import { type Baseline, completePolicy, createBaseline, judge } from '../../src/judging/index.ts'
import { measureSize } from '../../src/judging/drift-size.ts'
import { measureShare } from '../../src/judging/evidence.ts'
import { createShiftJudge } from '../../src/judging/shift-kind.ts'
import { prepareSizes, testFeatures } from '../../src/judging/window-test.ts'
import {
  type FeatureColumn,
  type Measurements,
  noMeasurements,
  sumExactly,
} from '../../src/measuring/values/index.ts'
import { prepareOmnibusReference } from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'

const column = (name: string, group: FeatureColumn['group']): FeatureColumn => ({
  name,
  group,
  title: name,
})

const columns = [
  column('image-width', 'file'),
  column('file-format', 'file-kind'),
  column('camera-model', 'file-kind'),
  column('brightness', 'property'),
  column('loss', 'reconstruction'),
  column('excess-loss', 'reconstruction'),
  column('classifier-confidence', 'classifier'),
  column('predicted-class', 'prediction'),
]
const WIDTH = columns.length

type Change = {
  readonly width?: number
  readonly format?: number
  readonly camera?: string
  readonly brightness?: number
  readonly confidence?: number
}

/** Images of two classes, as bright as their class says, of two sizes, formats and cameras, all but what is changed. */
function rowsOf(count: number, seed: number, change: Change = {}): Float32Array {
  const random = createRandom(seed)
  const rows = Array.from({ length: count }, () => {
    const [label, width, format, camera] = [2, 2, 2, 2].map((size) => random.integer(size))
    return [
      change.width ?? 40 + width,
      change.format ?? 1 + format,
      cameraCode(change.camera ?? ['X100', 'D850'][camera]),
      label + random.normal() + (change.brightness ?? 0),
      3 + random.normal(),
      1 + random.normal(),
      0.9 + 0.02 * random.normal() + (change.confidence ?? 0),
      label,
    ]
  })
  return Float32Array.from(rows.flat())
}

const REFERENCE = 160
const counts = { available: 0, training: 0, validation: 0, reference: REFERENCE, skipped: 0 }
const settings = {
  columns,
  features: ['file', 'file-kind', 'property', 'reconstruction', 'classifier', 'prediction'],
  seed: 3,
  counts: { ...counts, leftOut: 0 },
  outputsTrust: 'stated',
  neededOutputs: {},
} as unknown as Baseline['settings']

const numbers = createBaseline({ columns, rows: REFERENCE, values: rowsOf(REFERENCE, 1) })
const baselineWith = (change: Partial<Baseline['settings']> = {}): Baseline => ({
  ...numbers,
  id: 'b',
  extractorId: 'e',
  settings: { ...settings, ...change },
})
const baseline = baselineWith()

function batchOf(values: Float32Array, change: Partial<Measurements> = {}): Measurements {
  const count = values.length / WIDTH
  const losses = Array.from({ length: count }, (_, row) => values[row * WIDTH + 4])
  return {
    ...noMeasurements({ extractorId: 'e', columns }),
    images: losses.map((_, place) => ({ record: { id: `${place}.png` }, place, hash: place })),
    values,
    count,
    loss: sumExactly(losses),
    ...change,
  }
}

const byRate = (rate = 0.01) => completePolicy({ kind: 'false-alarm-rate', rate })
const brighter = rowsOf(40, 2, { brightness: 2.5 })
const testOf = (values: Float32Array, level = 0.01, seed = 0) =>
  testFeatures({ manifest: settings, baseline }, values, { level, seed })

describe('a judgement that found something', () => {
  const values = brighter
  const judgement = judge(baseline, batchOf(values), byRate())

  it('says how many images changed, by its seed, and how far the batch moved', () => {
    const share = measureShare(columns, { window: values, test: testOf(values) }, { seed: 0 })
    const { atLeast, estimate } = share
    assert.deepEqual(judgement.changedShare, { atLeast, estimate, level: 0.95 })
    const { prepared } = baseline.comparison
    assert.deepEqual(judgement.size, measureSize(columns, prepared, values))
    const [first] = judgement.features
    assert.equal(first.name, 'brightness')
    assert.ok(!('typical' in first))
    const at = share.tested.indexOf(3)
    assert.ok(share.columns[at] > 0)
    assert.equal(first.changedShare, share.columns[at])
    assert.equal(judgement.severity, 'drift')
  })

  it('tells the kind of shift by level and seed', () => {
    const judgeShift = createShiftJudge({
      manifest: settings,
      reference: baseline.comparison.prepared,
    })
    const own = judge(baseline, batchOf(values), byRate(0.02), { seed: 7 })
    assert.deepEqual(own.shift, judgeShift?.(values, { level: 0.02, seed: 7 }))
    assert.ok(own.shift)
  })

  it('tells it by labels where the reference has them', () => {
    const predicted = Array.from(baseline.table.values).filter((_, i) => i % WIDTH === 7)
    const labels = Uint16Array.from(predicted)
    const { shift } = judge({ ...baseline, labels }, batchOf(values), byRate())
    assert.equal(shift?.kind, 'appearance')
    assert.notDeepEqual(shift, judgement.shift)
  })

  it('does so where p is the rate exactly', () => {
    const mild = rowsOf(25, 5, { brightness: 0.2 })
    const { pValue, groups } = judge(baseline, batchOf(mild), byRate(0.3), { mode: 'exact' })
    assert.ok(pValue !== null && pValue > 0.01 && pValue < 0.3, `${pValue}`)
    const at = judge(baseline, batchOf(mild), byRate(pValue), { mode: 'exact' })
    assert.equal(at.score, 1)
    assert.ok(at.changedShare && at.size)
    const strongest = groups.find(({ pValue: own }) => own === pValue)
    assert.equal(strongest?.group, 'property')
    assert.ok(at.shift)
    const below = judge(baseline, batchOf(mild), byRate(pValue - 1e-9), { mode: 'exact' })
    assert.deepEqual([below.changedShare, below.size, below.shift], [null, null, null])
  })

  it('is by the loss alone under the published rule, the evidence at a level of its own', () => {
    const rule = { kind: 'relative', increase: 0.5, evidenceLevel: 0.002 } as const
    const { score, features, pValue, changedShare } = judge(
      baseline,
      batchOf(values),
      completePolicy(rule),
    )
    assert.ok(score < 1)
    assert.deepEqual([pValue, changedShare], [null, null])
    const { columns: tested } = testOf(values, 0.002)
    const brightness = tested.find(({ column: own }) => own === 3)
    assert.equal(features[0].pValue, brightness?.pValue)
    assert.notEqual(features[0].pValue, judgement.features[0].pValue)
  })
})

describe('a judgement that found nothing', () => {
  it('sizes nothing', () => {
    const judgement = judge(baseline, batchOf(rowsOf(40, 8)), byRate())
    assert.equal(judgement.severity, 'ok')
    assert.deepEqual([judgement.changedShare, judgement.size, judgement.shift], [null, null, null])
    assert.ok(judgement.features.every(({ changedShare }) => changedShare === 0))
  })

  it('is empty of a batch too small to test', () => {
    const { exemplars, ...found } = judge(baseline, batchOf(rowsOf(4, 8)), byRate())
    assert.deepEqual(found, {
      drift: false,
      severity: 'insufficient-data',
      changedShare: null,
      size: null,
      score: 0,
      scoreBasis: 'none',
      pValue: null,
      loss: null,
      groups: [],
      features: [],
      shift: null,
      threshold: { policy: 'false-alarm-rate', value: 0.01, mode: 'exact', draws: 0 },
      notes: [],
      count: 4,
      tested: { images: 4, of: 4, setAside: 0, fewest: 5, reference: REFERENCE },
      recognised: { learned: 0, reference: 0, copies: 0 },
      skipped: [],
      skippedCounts: {},
    })
    assert.equal(exemplars.mostUnusual.length, 4)
  })

  it('is a warning where more than one image in twenty could not be read', () => {
    const severity = (total: number) =>
      judge(
        baseline,
        batchOf(rowsOf(38, 8), { skipped: { named: [], counts: {}, total } }),
        byRate(),
      ).severity
    assert.deepEqual([severity(2), severity(3)], ['ok', 'warning'])
  })
})

describe('a judgement', () => {
  it('screens by nulls drawn ahead, by the seed 0, unless it is told otherwise', () => {
    const ready = prepareSizes({ manifest: settings, baseline }, [30], 9)
    const quiet = batchOf(rowsOf(30, 8))
    const modeOf = (mode?: 'exact') => {
      const { threshold } = judge(ready, quiet, byRate(), { mode })
      return 'mode' in threshold && threshold.mode
    }
    assert.deepEqual([modeOf(), modeOf('exact')], ['fast', 'exact'])
    const mild = batchOf(rowsOf(25, 5, { brightness: 0.3 }))
    const [own, zero, one] = [{}, { seed: 0 }, { seed: 1 }].map((options) =>
      judge(baseline, mild, byRate(), options),
    )
    assert.deepEqual(own, zero)
    assert.notEqual(own.pValue, one.pValue)
  })

  it('holds the loss of the batch against the baseline’s', () => {
    const values = rowsOf(40, 8).map((value, i) => (i % WIDTH === 4 ? value + 3 : value))
    const { loss } = judge(baseline, batchOf(values), byRate())
    assert.ok(loss && loss.mean > 5.5 && loss.baseline < 3.5)
    assert.ok(loss.relativeIncrease.value > 0.5)
  })

  it('names the cameras of reference and batch', () => {
    const values = rowsOf(40, 2, { camera: 'EOS R5' })
    const batch = batchOf(values)
    const images = batch.images.map((image) =>
      Object.assign({}, image, { record: { ...image.record, camera: 'EOS R5' } }),
    )
    const records = [{ id: 'a', camera: 'X100' }]
    const { features } = judge({ ...baseline, records }, { ...batch, images }, byRate())
    const [cameras] = features
    assert.ok(cameras.kind === 'category' && cameras.name === 'camera-model')
    const names = cameras.shares.map(({ name }) => name)
    assert.deepEqual(new Set(names), new Set(['EOS R5', 'X100', 'another camera']))
  })
})

describe('files of a batch', () => {
  const wide = batchOf(rowsOf(30, 2, { width: 90 }))

  it('alarm by themselves, but tell no kind of shift', () => {
    const { severity, shift, groups, features } = judge(baseline, wide, byRate())
    assert.notEqual(severity, 'ok')
    assert.equal(shift, null)
    assert.equal(groups.find(({ pValue }) => pValue <= 0.01)?.group, 'file')
    const [width] = features
    const { typical } = { typical: undefined, ...width }
    assert.deepEqual(typical?.batch, { value: 90, share: 1 })
    assert.ok(typical.reference.value === 40 || typical.reference.value === 41)
  })

  it('may change where the policy lets them', () => {
    const policy = { ...byRate(), tolerateFiles: ['size'] } as const
    const { severity, features } = judge(baseline, wide, policy)
    assert.equal(severity, 'ok')
    assert.ok(!features.some(({ name }) => name === 'image-width'))
  })

  it('are not compared where one side came as arrays, and that is said', () => {
    const arrays = rowsOf(30, 2).map((value, i) => (i % WIDTH === 1 || i % WIDTH === 2 ? 0 : value))
    const { severity, notes, features } = judge(baseline, batchOf(arrays), byRate())
    assert.equal(severity, 'ok')
    assert.deepEqual(
      notes.filter(({ code }) => code === 'files-not-compared'),
      [{ code: 'files-not-compared', arrays: 'batch' }],
    )
    assert.ok(!features.some(({ name }) => name === 'file-format'))
  })

  it('have to be something to compare', () => {
    const kinds = baselineWith({ features: ['file-kind'] })
    const policy = { ...byRate(), tolerateFiles: ['format', 'camera'] } as const
    assert.throws(() => judge(kinds, wide, policy), { code: 'config.invalid' })
    const one = { ...byRate(), tolerateFiles: ['format'] } as const
    assert.equal(judge(kinds, wide, one).groups.length, 1)
  })
})

describe('blocks of a batch', () => {
  const blocks = Uint32Array.from({ length: REFERENCE }, (_, row) => row >> 3)
  const blocked = { ...baselineWith({ blockBy: 'session' }), blocks }
  const sessions = (values: Float32Array, size: number) => {
    const batch = batchOf(values)
    const images = batch.images.map((image, row) =>
      Object.assign({}, image, {
        record: { ...image.record, attributes: { session: `${Math.floor(row / size)}` } },
      }),
    )
    return { ...batch, images }
  }

  it('are exchanged as they are by every test, and as many as are needed', () => {
    const own = Uint32Array.from({ length: 40 }, (_, row) => row >> 3)
    const values = rowsOf(40, 2, { brightness: 0.9 })
    const { pValue, shift, changedShare, notes } = judge(blocked, sessions(values, 8), byRate())
    const test = testFeatures({ manifest: settings, baseline, blocks }, values, {
      level: 0.01,
      seed: 0,
      blocks: own,
    })
    assert.equal(pValue, test.pValue)
    assert.ok(pValue < 0.01)
    const judgeShift = createShiftJudge({
      manifest: settings,
      reference: baseline.comparison.prepared,
      blocks,
    })
    assert.deepEqual(shift, judgeShift?.(values, { level: 0.01, seed: 0, blocks: own }))
    const share = measureShare(
      columns,
      { window: values, test },
      { seed: 0, blocks: { reference: blocks, window: own } },
    )
    assert.equal(changedShare?.atLeast, share.atLeast)
    assert.notEqual(pValue, testOf(values).pValue)
    assert.ok(!notes.some(({ code }) => code === 'few-blocks'))
  })

  it('and labels are those behind the rows that explain the batch best', () => {
    // A tolerated change of the images in reverse, nearer to the batch than the reference is.
    const rows = Array.from({ length: REFERENCE }, (_, row) => REFERENCE - 1 - row)
    const changed = rows.flatMap((row) =>
      Array.from(numbers.table.values.subarray(row * WIDTH, (row + 1) * WIDTH), (value, k) =>
        k === 3 ? value + 1 : value,
      ),
    )
    const prepared = prepareOmnibusReference(Float32Array.from(changed), WIDTH)
    const nearest = () => [{ prepared, originals: Uint32Array.from(rows) }]
    // Blocks of several sizes, so that in reverse they are others.
    const uneven = Uint32Array.from({ length: REFERENCE }, (_, row) =>
      Math.floor(Math.sqrt(9 * row)),
    )
    const labels = Uint16Array.from({ length: REFERENCE }, (_, row) =>
      row < 10 ? 2 : numbers.table.values[row * WIDTH + 7],
    )
    const judgeWith = (known: Pick<Baseline, 'labels'>) =>
      judge({ ...blocked, ...known, blocks: uneven, nearest }, sessions(brighter, 8), byRate())
    const expected = (known: Pick<Baseline, 'labels'>) =>
      createShiftJudge({
        manifest: settings,
        reference: prepared,
        blocks: uneven.toReversed(),
        ...(known.labels && { labels: known.labels.toReversed() }),
      })?.(brighter, {
        level: 0.01,
        seed: 0,
        blocks: Uint32Array.from(brighter.subarray(0, 40), (_, row) => row >> 3),
      })
    for (const known of [{}, { labels }]) {
      const { shift, severity } = judgeWith(known)
      assert.equal(severity, 'drift')
      assert.ok(shift)
      assert.deepEqual(shift, expected(known))
    }
  })

  it('are said to be too few for the rate where no p-value could reach it', () => {
    const few = (policy = byRate()) =>
      judge(blocked, sessions(brighter, 40), policy).notes.filter(
        ({ code }) => code === 'few-blocks',
      )
    assert.deepEqual(few(), [{ code: 'few-blocks', blocks: 1, reference: 20, level: 0.01 }])
    assert.deepEqual(few(completePolicy({ kind: 'relative', increase: 0.1 })), [])
  })
})

describe('outputs of a classifier', () => {
  it('that alarm alone and are less sure are said, where p is the rate exactly too', () => {
    const values = rowsOf(10, 6, { confidence: -0.025 })
    const { pValue } = judge(baseline, batchOf(values), byRate(0.3))
    assert.ok(pValue !== null && pValue > 0.01 && pValue < 0.3, `${pValue}`)
    const saidAt = (rate: number) =>
      judge(baseline, batchOf(values), byRate(rate)).notes.some(
        ({ code }) => code === 'outputs-alone',
      )
    assert.deepEqual([saidAt(pValue), saidAt(pValue - 1e-9)], [true, false])
  })
})
