import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FILE_COLUMNS, fileRow } from '../../src/file-properties.ts'
import { arraysOf, compareFiles, notesOnFiles } from '../../src/judging/file-comparison.ts'
import { type Baseline, testedGroups } from '../../src/judging/index.ts'
import {
  omnibusExact,
  omnibusFast,
  prepareFastOmnibus,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'

const columns = [
  ...FILE_COLUMNS.map(({ name, group, title }) => ({ name, group, title })),
  { name: 'mean', group: 'property', title: 'brightness' } as const,
]
const features = ['file', 'file-kind', 'property'] as const
const settings = { columns, features }

type Mix = {
  /** Share of JPEGs; the others are PNGs. */
  readonly jpegs?: number
  readonly cameras?: readonly string[]
  readonly width?: number
  readonly isArray?: boolean
}

/** Rows of files of one width, JPEGs of two qualities among them, and a brightness. */
function rowsOf(count: number, mix: Mix, random: Random): Float32Array {
  const { jpegs = 0.9, cameras = ['A', 'B', 'C'], width = 40, isArray = false } = mix
  const rows = Array.from({ length: count }, () => {
    const isJpeg = random.uniform() < jpegs
    const facts = isArray
      ? { width, height: 30 }
      : {
          width,
          height: 30,
          format: isJpeg ? ('jpeg' as const) : ('png' as const),
          quality: isJpeg ? (random.uniform() < 0.5 ? 75 : 95) : undefined,
          camera: cameras[random.integer(cameras.length)],
        }
    return [...fileRow(facts), random.normal()]
  })
  return Float32Array.from(rows.flat())
}

const ROWS = 120
const BATCH = 20

function pValueOf(reference: Float32Array, batch: Float32Array, random: Random): number {
  const { leftOut } = compareFiles(columns, reference, batch)
  const prepared = prepareOmnibusReference(reference, columns.length)
  const groups = testedGroups({ ...settings, leftOut })
  return omnibusExact(prepared, batch, groups, { permutations: 99, random }).pValue
}

describe('files, compared', () => {
  for (const [name, mix] of Object.entries({
    'mixed files': {},
    'rare kinds': { jpegs: 0.97, cameras: [...Array.from({ length: 23 }, () => 'A'), 'B'] },
    'constant files': { jpegs: 1, cameras: ['A'] },
  })) {
    it(`alarm as often as stated where nothing changed: ${name}`, () => {
      const random = createRandom(7)
      const trials = 200
      const values = Array.from({ length: trials }, () =>
        pValueOf(rowsOf(ROWS, mix, random), rowsOf(BATCH, mix, random), random),
      )
      for (const level of [0.05, 0.2]) {
        const rate = values.filter((p) => p <= level).length / trials
        assert.ok(rate <= level + 3 * Math.sqrt((level * (1 - level)) / trials), `${rate}`)
      }
    })
  }

  it('alarm where a constant became another, or a kind that was never seen comes', () => {
    const random = createRandom(8)
    const reference = rowsOf(ROWS, { jpegs: 1, cameras: ['A'] }, random)
    const same = { jpegs: 1, cameras: ['A'] }
    for (const changed of [{ width: 20 }, { jpegs: 0.5 }, { cameras: ['new'] }]) {
      const batch = rowsOf(BATCH, { ...same, ...changed }, random)
      assert.equal(pValueOf(reference, batch, random), 0.01, JSON.stringify(changed))
    }
  })

  it('alarm so by prepared nulls too, which hold no such batch', () => {
    const random = createRandom(9)
    const same = { jpegs: 1, cameras: ['A'] }
    const reference = prepareOmnibusReference(rowsOf(ROWS, same, random), columns.length)
    const groups = testedGroups(settings)
    const prepared = prepareFastOmnibus(reference, groups, { sizes: [BATCH], random })
    const level = { level: 0.01, random }
    for (const changed of [{ width: 20 }, { jpegs: 0.5 }, { cameras: ['new'] }]) {
      const found = omnibusFast(prepared, rowsOf(BATCH, { ...same, ...changed }, random), level)
      assert.equal(found.mode, 'exact')
      assert.ok(found.pValue <= 0.01, JSON.stringify(changed))
    }
    assert.equal(omnibusFast(prepared, rowsOf(BATCH, same, random), level).mode, 'fast')
  })

  it('leave out what one side has of no image and the other of all', () => {
    const random = createRandom(10)
    const files = rowsOf(ROWS, { jpegs: 1 }, random)
    const arrays = rowsOf(BATCH, { isArray: true }, random)
    const onlyFiles = ['jpeg-quality', 'file-format', 'camera-model']
    assert.deepEqual(compareFiles(columns, files, arrays), { leftOut: onlyFiles, arrays: 'batch' })
    assert.deepEqual(compareFiles(columns, arrays, files), {
      leftOut: onlyFiles,
      arrays: 'reference',
    })
    const pictures = rowsOf(BATCH, { jpegs: 0 }, random)
    assert.deepEqual(compareFiles(columns, files, pictures), {
      leftOut: ['jpeg-quality'],
      arrays: null,
    })
    // What images show is compared, whatever it is; columns of files are left out wherever they stand.
    const both = (rows: Float32Array, mean: number) =>
      rows.map((value, i) => (i % columns.length === columns.length - 1 ? mean : value))
    assert.deepEqual(compareFiles(columns, both(files, 1), both(files, 0)).leftOut, [])
    const quality = columns.filter(({ name }) => name === 'jpeg-quality')
    assert.deepEqual(compareFiles(quality, Float32Array.of(9, 8), Float32Array.of(0, 0)), {
      leftOut: ['jpeg-quality'],
      arrays: null,
    })
    const mixed = rowsOf(BATCH, { jpegs: 0.5 }, random)
    assert.deepEqual(compareFiles(columns, files, mixed), { leftOut: [], arrays: null })
  })

  it('are said to be arrays on one side by their columns, or by what images came as', () => {
    const found = (arrays: 'reference' | 'batch' | null) => ({ leftOut: [], arrays })
    const source = (files?: true) => ({ location: '', kind: 'folder', ...(files && { files }) })
    const batchOf = (...files: (true | undefined)[]) => ({ sources: files.map(source) })
    const withColumns = { settings: { columns, readFrom: 'arrays' } } as unknown as Baseline
    for (const arrays of ['reference', 'batch', null] as const) {
      assert.equal(arraysOf(withColumns, batchOf(true), found(arrays)), arrays)
    }
    // One column of files is enough.
    const mixed = { settings: { columns: columns.slice(-2), readFrom: 'arrays' } }
    assert.equal(arraysOf(mixed as unknown as Baseline, batchOf(true), found('batch')), 'batch')
    const without = (readFrom: 'arrays' | 'files' | undefined) =>
      ({ settings: { columns: columns.slice(-1), readFrom } }) as unknown as Baseline
    const of = (readFrom: 'arrays' | 'files' | undefined, ...files: (true | undefined)[]) =>
      arraysOf(without(readFrom), batchOf(...files), found(null))
    assert.equal(of('arrays', true, undefined), 'reference')
    assert.equal(of('arrays', undefined, true), 'reference')
    assert.equal(of('arrays', undefined), null)
    assert.equal(of('arrays'), null)
    assert.equal(of('files', true), null)
    assert.equal(of(undefined, true), null)
  })

  it('are said not to be compared where one side came as arrays', () => {
    assert.deepEqual(notesOnFiles(null), [])
    assert.deepEqual(notesOnFiles('batch'), [{ code: 'files-not-compared', arrays: 'batch' }])
  })

  it('leave out what may change', () => {
    const groups = testedGroups({ ...settings, toleratedFiles: ['size', 'compression', 'camera'] })
    const names = groups.flatMap((group) => group.columns.map((column) => columns[column].name))
    assert.deepEqual(names, ['file-format', 'file-channels', 'bit-depth', 'mean'])
  })
})
