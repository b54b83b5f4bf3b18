import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type CheckOptions, type Detector, fit, loadDetector } from '../../src/detector/index.ts'
import { arrayImages, type ImageSource, openImages } from '../../src/images/index.ts'
import { createFeaturesWriter, foldMeasurements, openFeatures } from '../../src/measuring/index.ts'
import { concatenateRows, type Tensor } from '../../src/tensor/index.ts'
import { type Writing, writePhotographs } from '../fixtures/photographs.ts'

const folder = mkdtempSync(join(tmpdir(), 'pixeldrift-files-'))
let detector: Detector

before(async () => {
  const path = await writePhotographs(join(folder, 'fitted'), { count: 150, seed: 1 })
  detector = await fit(await openImages(path), FIT)
})

after(async () => {
  await detector.close()
  rmSync(folder, { recursive: true })
})

const FIT = { epochs: 2, workingSide: 16, threads: 1 }
const BATCH = { count: 30, seed: 2 }

let written = 0
async function batchOf(writing: Partial<Writing> = {}) {
  return openImages(
    await writePhotographs(join(folder, `batch-${written++}`), { ...BATCH, ...writing }),
  )
}

/** What a check found, and its words. */
async function checked(own: Detector, batch: ImageSource, options: CheckOptions = {}) {
  const { judgement, words } = await own.check(batch, options)
  return { ...judgement, findings: words.findings, notes: words.notes }
}

type Checked = Awaited<ReturnType<typeof checked>>

/** The groups that alarm at .01 on their own account. */
function loud({ groups }: Checked): string[] {
  return groups.filter(({ pValue }) => pValue <= 0.01).map(({ group }) => group)
}

describe('the files themselves', () => {
  it('are no drift where they are as before', async () => {
    const verdict = await checked(detector, await batchOf())
    assert.equal(verdict.severity, 'ok')
    assert.deepEqual(loud(verdict), [])
  })

  const changes: readonly [string, Partial<Writing>, group: string, RegExp][] = [
    ['half the size', { size: [48, 40] }, 'file', /^Smaller: 48×40 pixels, were 96×80/],
    ['another shape', { size: [80, 96] }, 'file', /^Other proportions: 80×96 pixels, were 96×80/],
    [
      'another quality',
      { quality: 75 },
      'file',
      /^Compressed more strongly: JPEG quality 75, was 95/,
    ],
    ['another format', { format: 'png' }, 'file-kind', /^In another file format: PNG, was JPEG/],
    ['grey files', { isGrey: true }, 'file-kind', /^As grey files: grey, was colour/],
    [
      'another camera',
      { camera: 'Model B' },
      'file-kind',
      /^From another camera: Model B, was Model A/,
    ],
    ['no camera', { camera: null }, 'file-kind', /^From another camera: none stated, was Model A/],
    [
      'another chroma subsampling',
      { chromaSubsampling: '4:4:4' },
      'file-kind',
      /^With another chroma subsampling: 4:4:4, was 4:2:0/,
    ],
  ]
  for (const [name, writing, group, finding] of changes) {
    it(`alarm by ${name}, and say so first`, async () => {
      const verdict = await checked(detector, await batchOf(writing))
      assert.equal(verdict.severity, 'drift')
      assert.ok(loud(verdict).includes(group), loud(verdict).join())
      assert.match(verdict.findings[0], finding)
    })
  }

  it('are fine where they are tolerated by name', async () => {
    const renamed = await batchOf({ camera: 'Model B' })
    const verdict = await checked(detector, renamed, { tolerateFiles: ['camera'] })
    assert.equal(verdict.severity, 'ok')
    assert.ok(!verdict.features.some(({ name }) => name === 'camera-model'))
    assert.ok(
      (await checked(detector, renamed, { tolerateFiles: ['size', 'format'] })).severity ===
        'drift',
    )
    const smaller = await batchOf({ size: [48, 40] })
    const { groups } = await checked(detector, smaller, { tolerateFiles: ['size', 'compression'] })
    assert.ok(groups.some(({ group }) => group === 'file-kind'))
    assert.ok(!groups.some(({ group }) => group === 'file'))
  })

  it('are not asked for where all may change: what is said of the pixels is the same', async () => {
    const source = await openImages(join(folder, 'fitted'))
    const tolerant = await fit(source, {
      ...FIT,
      tolerateFiles: ['size', 'format', 'compression', 'channels', 'depth', 'camera'],
    })
    const batch = await batchOf({ camera: 'Model B' })
    const [own, other] = [await checked(tolerant, batch), await checked(detector, batch)]
    await tolerant.close()
    assert.deepEqual([own.severity, other.severity], ['ok', 'drift'])
    assert.ok(!tolerant.manifest.features.includes('file'))
    assert.ok(!own.features.some(({ group }) => group === 'file'))
    const numbersOf = ({ features }: Checked) =>
      features
        .filter(({ group }) => group !== 'file' && group !== 'file-kind')
        .map(({ name, pValue }) => `${name} ${pValue}`)
        .toSorted()
    assert.deepEqual(numbersOf(other), numbersOf(own))
  })

  it('are compared with arrays in size and channels alone, which is said', async () => {
    const verdict = await checked(detector, await arraysOf(await batchOf(), [96, 80]))
    assert.equal(verdict.severity, 'ok')
    assert.match(
      verdict.notes.join(),
      /images of this batch came as arrays, the reference as files/,
    )
    const names = verdict.features.flatMap(({ name, group }) =>
      group.startsWith('file') ? [name] : [],
    )
    assert.deepEqual(names.toSorted(), [
      'aspect-ratio',
      'file-channels',
      'image-height',
      'image-width',
    ])
    const halved = await checked(
      detector,
      await arraysOf(await batchOf({ size: [48, 40] }), [48, 40]),
    )
    assert.match(halved.findings[0], /^Smaller: 48×40 pixels, were 96×80/)
  })

  it('are none where the reference came as arrays, which is said where a batch has some', async () => {
    const source = await arraysOf(await openImages(join(folder, 'fitted')), [96, 80])
    const plain = await fit(source, FIT)
    const verdict = await checked(plain, await batchOf({ size: [48, 40] }))
    const arrays = await checked(plain, await arraysOf(await batchOf(), [96, 80]))
    await plain.close()
    assert.ok(!plain.manifest.columns.some(({ group }) => group.startsWith('file')))
    assert.equal(plain.manifest.features.length, 9)
    assert.match(
      verdict.notes.join(),
      /reference images came as arrays, the images of this batch as/,
    )
    assert.doesNotMatch(arrays.notes.join(), /arrays/)
  })

  it('travel with what was measured, in parts and by a file: the verdict is the same', async () => {
    const batch = await batchOf({ camera: 'Model B' })
    const now = () => new Date(0)
    const whole = await detector.check(batch, { now })
    const { id: extractorId, columns } = detector.extractor
    const path = join(folder, 'features.parquet')
    const writer = createFeaturesWriter(path, { extractorId, columns })
    for await (const part of detector.measure(batch)) writer.add(part)
    writer.finish()
    const fold = foldMeasurements({ extractorId, columns })
    for await (const part of (await openFeatures(path))?.parts() ?? []) fold.add(part)
    const measured = fold.taken()
    assert.deepEqual(await detector.judge(measured, { now }), whole)
    assert.match(whole.words.findings[0], /Model B, was Model A/)
  })

  it('are those of the new reference once a detector is rebaselined', async () => {
    const { id: extractorId, columns } = detector.extractor
    const fold = foldMeasurements({ extractorId, columns })
    const renamed = await batchOf({ count: 40, seed: 5, camera: 'Model B' })
    for await (const part of detector.measure(renamed)) fold.add(part)
    await using moved = detector.rebaseline(fold.taken())
    assert.equal((await checked(moved, await batchOf({ camera: 'Model B' }))).severity, 'ok')
    const { severity, findings } = await checked(moved, await batchOf())
    assert.equal(severity, 'drift')
    assert.match(findings[0], /^From another camera: Model A, was Model B/)
  })

  it('are kept in the file of a detector, with prepared sizes too', async () => {
    const path = join(folder, 'saved.pixeldrift')
    const prepared = detector.withBatchSizes([20])
    await prepared.save(path)
    await prepared.close()
    const loaded = await loadDetector(path)
    const quiet = await checked(loaded, await batchOf({ count: 20 }))
    const renamed = await batchOf({ count: 20, camera: 'Model B' })
    const alarmed = await checked(loaded, renamed)
    const tolerated = await checked(loaded, renamed, { tolerateFiles: ['camera'] })
    await loaded.close()
    assert.ok(quiet.threshold.policy === 'false-alarm-rate' && quiet.threshold.mode === 'fast')
    assert.equal(alarmed.severity, 'drift')
    // Nulls of other columns are of no use.
    assert.ok(tolerated.threshold.policy === 'false-alarm-rate')
    assert.equal(tolerated.threshold.mode, 'exact')
    assert.equal(tolerated.severity, 'ok')
  })
})

/** The pixels of all images of a source, of this size, as an array. */
async function arraysOf(
  source: ImageSource,
  [width, height]: [number, number],
): Promise<ImageSource> {
  const parts: Tensor[] = []
  for await (const { pixels } of source.batches({ shape: { channels: 3, height, width } }))
    parts.push(pixels)
  return arrayImages(concatenateRows(parts))
}
