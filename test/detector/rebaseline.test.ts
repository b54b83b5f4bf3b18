import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Detector, loadDetector } from '../../src/detector/index.ts'
import { arrayImages, type ImageSource } from '../../src/images/index.ts'
import { mergeMeasurements, type Measurements } from '../../src/measuring/values/index.ts'
import { concatenateRows } from '../../src/tensor/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { temporaryFolder } from '../images/stored-images.ts'

/** A detector of an older version, which tolerates noise. */
const TOLERANT = fileURLToPath(
  new URL('../fixtures/artifacts/version-1.pixeldrift', import.meta.url),
)
const now = () => new Date(0)
const learned = blobImages({ count: 400, seed: 1 })
const bright = (count: number, seed: number) => blobImages({ count, seed, background: 0.3 })

let detector: Detector

before(async () => {
  detector = await fitTinyDetector({ batchSizes: [20] })
})
after(() => detector.close())

async function measured(images: ImageSource, by = detector): Promise<Measurements> {
  const { id: extractorId, columns } = by.extractor
  const parts: Measurements[] = []
  for await (const part of by.measure(images)) parts.push(part)
  return mergeMeasurements(parts, { extractorId, columns })
}

describe('a rebaselined detector', () => {
  it('takes for usual what its new reference shows, and alarms at what the old one was', async () => {
    await using moved = detector.rebaseline(await measured(arrayImages(bright(300, 7))))
    const [usual, former] = [
      arrayImages(bright(40, 8)),
      arrayImages(blobImages({ count: 40, seed: 9 })),
    ]
    assert.equal((await detector.check(usual)).judgement.severity, 'drift')
    assert.equal((await detector.check(former)).judgement.severity, 'ok')
    assert.equal((await moved.check(usual)).judgement.severity, 'ok')
    assert.equal((await moved.check(former)).judgement.severity, 'drift')
  })

  it('keeps what was learned and the policy, but has a baseline and an id of its own', async () => {
    await using moved = detector.rebaseline(await measured(arrayImages(bright(300, 7))))
    const [old, own] = [detector.manifest, moved.manifest]
    assert.equal(own.ids?.extractor, old.ids?.extractor)
    assert.equal(own.ids?.policy, old.ids?.policy)
    assert.notEqual(own.ids?.baseline, old.ids?.baseline)
    assert.notEqual(own.id, old.id)
    assert.equal(own.counts.reference, 300)
    assert.deepEqual(own.referenceSource, {
      location: 'memory',
      available: 300,
      leftOut: 0,
      skipped: 0,
    })
    assert.deepEqual(own.prepared?.sizes, [20])
  })

  it('is the same whatever order the images were measured in', async () => {
    const whole = await measured(arrayImages(bright(600, 7)))
    const { id: extractorId, columns } = detector.extractor
    const parts: Measurements[] = []
    for await (const part of detector.measure(arrayImages(bright(600, 7)))) parts.unshift(part)
    const merged = mergeMeasurements(parts, { extractorId, columns })
    await using one = detector.rebaseline(whole)
    await using other = detector.rebaseline(merged)
    assert.equal(one.manifest.id, other.manifest.id)
  })

  it('leaves out of its reference what was learned from', async () => {
    const some = concatenateRows([learned, bright(100, 7)])
    await using moved = detector.rebaseline(await measured(arrayImages(some)))
    const { reference, training, validation } = { ...moved.manifest.counts }
    assert.equal(reference, 500 - training - validation)
    assert.equal(moved.manifest.referenceSource?.leftOut, training + validation)
  })

  it('gives the same verdicts once saved and loaded, and keeps the records', async () => {
    const records = Array.from({ length: 100 }, (_, i) => ({
      id: `image ${i}`,
      timestamp: '2026-11-26T00:00:00.000Z',
    }))
    const path = join(temporaryFolder(), 'd.pixeldrift')
    await using moved = detector.rebaseline(await measured(arrayImages(bright(100, 7), records)))
    await moved.save(path)
    await using loaded = await loadDetector(path)
    assert.deepEqual(loaded.manifest, moved.manifest)
    const batch = arrayImages(bright(20, 8))
    assert.deepEqual(await loaded.check(batch, { now }), await moved.check(batch, { now }))
    assert.deepEqual(
      loaded.baseline.records?.map(({ id }) => id).toSorted(),
      records.map(({ id }) => id).toSorted(),
    )
    assert.ok(loaded.baseline.records?.every(({ timestamp }) => timestamp === records[0].timestamp))
  })

  it('lives on when the one it was made of is closed', async () => {
    const first = await fitTinyDetector()
    const moved = first.rebaseline(await measured(arrayImages(bright(100, 7)), first))
    await first.close()
    assert.equal((await moved.check(arrayImages(bright(20, 8)))).judgement.severity, 'ok')
    await moved.close()
    await assert.rejects(moved.check(arrayImages(bright(20, 8))), { code: 'resource.closed' })
  })

  it('is refused for few images, other measurements, and where changes are tolerated', async () => {
    const few = await measured(arrayImages(bright(29, 7)))
    assert.throws(() => detector.rebaseline(few), { code: 'data.insufficient', message: /got 29/ })
    assert.throws(() => detector.rebaseline({ ...few, extractorId: 'other' }), {
      code: 'config.invalid',
      message: /got some by other/,
    })
    await using tolerant = await loadDetector(TOLERANT)
    const own = await measured(arrayImages(blobImages({ count: 50, seed: 2, side: 8 })), tolerant)
    assert.throws(() => tolerant.rebaseline(own), {
      code: 'config.invalid',
      hint: /--reference <images> and the same --tolerate/,
    })
  })
})
