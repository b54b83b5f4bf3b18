import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { type Detector, fit, type FitOptions, loadDetector } from '../../../src/detector/index.ts'
import { DriftError } from '../../../src/errors.ts'
import { arrayImages, attachModelOutputs, type ImageSource } from '../../../src/images/index.ts'
import { concatenateRows, sliceRows, type Tensor } from '../../../src/tensor/index.ts'
import { tellFitNote } from '../../../src/wording/index.ts'
import { blobImages } from '../../fixtures/blob-images.ts'
import { brightnessClassifier } from '../../fixtures/brightness-classifier.ts'
import { embeddingsOf, logitsOf } from '../../fixtures/two-classes.ts'
import { temporaryFolder } from '../../images/stored-images.ts'

const SIDE = 8
const blobs = (count: number, seed: number, background = 0.1): Tensor =>
  blobImages({ count, seed, side: SIDE, background })
const sessions = (pixels: Tensor): ImageSource =>
  arrayImages(
    pixels,
    Array.from({ length: pixels.shape[0] }, (_, i) => ({ id: `${i >> 2}/${i}`, label: 'any' })),
  )

const training = blobs(140, 1)
const reference = blobs(80, 2)

async function fitOwn(
  options: FitOptions = {},
  { source = sessions(training), own = sessions(reference) } = {},
): Promise<Detector> {
  return fit(source, { epochs: 2, seed: 4, reference: own, ...options })
}

async function filesOf(detector: Detector): Promise<Record<string, Uint8Array>> {
  await detector.close()
  return Object.fromEntries(detector.extractor.save())
}

/** Rows of a table as text, in an order of their own. */
function rowsOf(values: Float32Array, width: number): string[] {
  return Array.from({ length: values.length / width }, (_, row) =>
    values.subarray(row * width, (row + 1) * width).join(),
  ).toSorted()
}

describe('a reference of its own', () => {
  it('is the whole baseline, and no image of the source is', async () => {
    const detector = await fitOwn()
    const width = detector.extractor.columns.length
    const measured = await detector.extractor.transform(reference)
    assert.deepEqual(rowsOf(detector.reference.values, width), rowsOf(measured, width))
    const { counts, referenceSource, location } = detector.manifest
    assert.deepEqual(counts, {
      available: 140,
      training: 120,
      validation: 20,
      reference: 80,
      skipped: 0,
    })
    assert.deepEqual(referenceSource, { location, available: 80, leftOut: 0, skipped: 0 })
    await detector.close()
  })

  it('plays no part in what is learned', async () => {
    const clean = await filesOf(await fitOwn())
    assert.deepEqual(await filesOf(await fitOwn({}, { own: sessions(blobs(60, 3, 0.6)) })), clean)
    const others = await filesOf(await fitOwn({}, { source: sessions(blobs(140, 5)) }))
    assert.notDeepEqual(others, clean)
  })

  it('does without images that are in the source too, and says how many', async () => {
    const both = concatenateRows([reference, sliceRows(training, 0, 7)])
    const detector = await fitOwn({}, { own: sessions(both) })
    assert.equal(detector.manifest.counts.reference, 80)
    assert.equal(detector.manifest.referenceSource?.leftOut, 7)
    assert.match(
      detector.manifest.notes.map(tellFitNote).join('\n'),
      /7 reference images are also among the images to learn from and were left out/,
    )
    await detector.close()
  })

  it('keeps an image that recurs in the source, which is then not learned from', async () => {
    const black: Tensor = { shape: [3, 1, SIDE, SIDE], data: new Float32Array(3 * SIDE * SIDE) }
    const source = sessions(concatenateRows([training, black]))
    const own = sessions(concatenateRows([reference, sliceRows(black, 0, 1)]))
    const detector = await fitOwn({}, { source, own })
    const { counts, notes } = detector.manifest
    assert.equal(counts.reference, 81)
    assert.equal(counts.training + counts.validation, 140)
    assert.equal(counts.copies, 3)
    assert.match(
      notes.map(tellFitNote).join('\n'),
      /3 images are exact copies of held-out ones and were not learned/,
    )
    await detector.close()
  })

  const withOutputs = (pixels: Tensor) =>
    attachModelOutputs(sessions(pixels), {
      logits: logitsOf(pixels),
      embeddings: embeddingsOf(pixels),
    })

  it('works with model outputs beside the images, blocks, tolerated changes and batch sizes', async () => {
    const sources = { source: await withOutputs(training), own: await withOutputs(reference) }
    const blocked = await fitOwn({ blockBy: 'folder' }, sources)
    assert.equal(new Set(blocked.blocks).size, 20)
    assert.equal(blocked.blocks?.length, 80)
    const tolerant = await fitOwn({ tolerate: { brightness: 0.05 }, batchSizes: [20] }, sources)
    assert.deepEqual(tolerant.manifest.prepared?.sizes, [20])
    for (const detector of [blocked, tolerant]) {
      assert.equal(detector.manifest.outputsTrust, 'separate-reference')
      const path = join(temporaryFolder(), 'd.pixeldrift')
      await detector.save(path)
      const loaded = await loadDetector(path)
      assert.deepEqual(loaded.manifest, detector.manifest)
      assert.deepEqual(loaded.known, detector.known)
      const {
        judgement: { severity },
      } = await loaded.check(await withOutputs(blobs(20, 9)))
      assert.equal(severity, 'ok')
      assert.ok((await loaded.check(await withOutputs(blobs(20, 9, 0.5)))).judgement.drift)
      await loaded.close()
      await detector.close()
    }
  })

  it('lets the outputs of a classifier count', async () => {
    const detector = await fitOwn({ classifier: { model: brightnessClassifier(1, SIDE) } })
    const {
      judgement: { groups },
    } = await detector.check(sessions(blobs(30, 9)))
    const names = groups.map(({ group }) => group)
    assert.ok(names.includes('classifier') && names.includes('prediction'), names.join())
    await detector.close()
  })

  const refusals: Record<string, [own: () => ImageSource | Promise<ImageSource>, RegExp]> = {
    'too few images': [
      () => sessions(blobs(29, 2)),
      /expected at least 30 readable images for the reference .* got 29 in memory/,
    ],
    'the very images of the source': [() => sessions(training), /got 0 in memory/],
    'images of other channels': [
      () => arrayImages(blobImages({ count: 40, seed: 2, side: SIDE, channels: 2 })),
      /channel/,
    ],
  }
  for (const [title, [own, message]] of Object.entries(refusals)) {
    it(`is refused with ${title}`, async () => {
      await assert.rejects(
        fitOwn({}, { own: await own() }),
        (error) => error instanceof DriftError && message.test(error.message),
      )
    })
  }

  it('is refused without the model outputs the source has, and batch sizes above half of it', async () => {
    await assert.rejects(
      fitOwn({}, { source: await withOutputs(training) }),
      /expected logits beside the images as in the reference, 2 numbers an image, got none in memory/,
    )
    await assert.rejects(fitOwn({ batchSizes: [41] }), /at most 40, half of the 80 held-out images/)
  })
})
