import { measureRows } from '../../src/representations/index.ts'
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { loadDetector } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const folder = temporaryFolder()
const fitted = join(folder, 'fitted.pixeldrift')

before(async () => {
  const detector = await fitTinyDetector()
  await detector.save(fitted)
  await detector.close()
})

const pixels = blobImages({ count: 20, seed: 2 })
const batch = () => arrayImages(pixels)
const CLOSED = {
  name: 'DriftError',
  code: 'resource.closed',
  message: /one that was closed/,
  hint: /loadDetector/,
}

describe('closing a detector', () => {
  it('leaves the one it was prepared from, and those prepared from it, alive in any order', async () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const detector = await loadDetector(fitted)
      const prepared = detector.withBatchSizes([5])
      const all = [detector, prepared, prepared.withBatchSizes([6])]
      for (const [i, index] of order.entries()) {
        for (const later of order.slice(i)) await all[later].check(batch())
        await all[index].close()
        await assert.rejects(all[index].check(batch()), CLOSED)
      }
    }
  })

  it('is harmless a second time, also for the others', async () => {
    const detector = await loadDetector(fitted)
    const prepared = detector.withBatchSizes([5])
    await Promise.all([detector.close(), detector.close()])
    await detector.close()
    await prepared.check(batch())
    await prepared.close()
    await prepared.close()
  })

  it('makes every later use a clear error, but for saving', async () => {
    const detector = await loadDetector(fitted)
    const { autoencoder } = detector.extractor
    await detector.close()
    await assert.rejects(detector.check(batch()), CLOSED)
    await assert.rejects(detector.extractor.transform(pixels), CLOSED)
    await assert.rejects(measureRows(autoencoder, { pixels }), CLOSED)
    await assert.rejects(autoencoder.reconstruct(pixels), CLOSED)
    assert.throws(() => detector.withBatchSizes([5]), CLOSED)
    const path = join(folder, 'closed.pixeldrift')
    await detector.save(path)
    const loaded = await loadDetector(path)
    assert.equal(loaded.manifest.id, detector.manifest.id)
    await loaded.close()
  })

  it('waits for a check that runs', async () => {
    const detector = await loadDetector(fitted)
    const many = arrayImages(blobImages({ count: 600, seed: 3 }))
    const checked = detector.check(many)
    await detector.close()
    assert.equal((await checked).judgement.count, 600)
  })

  it('through the extractor is closing it', async () => {
    const detector = await loadDetector(fitted)
    const prepared = detector.withBatchSizes([5])
    await detector.extractor.close()
    await assert.rejects(detector.check(batch()), CLOSED)
    await prepared.check(batch())
    await prepared.close()
  })
})
