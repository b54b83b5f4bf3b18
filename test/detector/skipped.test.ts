import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fit } from '../../src/detector/index.ts'
import { arrayImages, type ImageSource } from '../../src/images/index.ts'
import {
  renderHtmlReport,
  renderTerminalReport,
  collectReport,
  rereadPixels,
} from '../../src/report/index.ts'
import { countSkipped } from '../../src/wording/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Images among many more that can't be read, each with words of its own. */
function among(source: ImageSource, unreadable: number): ImageSource {
  return {
    ...source,
    batches: async function* batches(options) {
      for (let i = 0; i < unreadable; i++) {
        const code = i % 4 === 0 ? 'image.shape' : 'image.undecodable'
        const message = `expected an image, got something else in a folder far away: ${i}.png`
        options?.onSkip?.({ id: `${i}.png`, code, message })
      }
      yield* source.batches(options)
    },
  }
}

function heapMegabytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / 2 ** 20
}

describe('a million unreadable images', () => {
  it('are counted by reason in a check, the first hundred named, and take no memory', async () => {
    const detector = await fitTinyDetector()
    const batch = arrayImages(blobImages({ count: 20, seed: 2 }))
    await detector.check(batch)
    const before = heapMegabytes()
    const source = among(batch, 1_000_000)
    const verdict = await detector.check(source)
    assert.ok(heapMegabytes() < before + 20, `${before} to ${heapMegabytes()} MB`)
    assert.equal(verdict.judgement.skipped.length, 100)
    assert.equal(verdict.judgement.skipped[99].id, '99.png')
    assert.deepEqual(verdict.judgement.skippedCounts, {
      'image.shape': 250_000,
      'image.undecodable': 750_000,
    })
    assert.equal(countSkipped(verdict.judgement), 1_000_000)
    assert.equal(verdict.judgement.severity, 'warning')
    assert.match(verdict.words.notes.join('\n'), /1,000,000 of 1,000,020 images could not be read/)
    assert.match(
      renderTerminalReport(verdict, { color: false, width: 200 }),
      /1,000,000 skipped \(750,000 undecodable, 250,000 of another shape\)/,
    )
    const page = await renderHtmlReport(
      await collectReport(detector, verdict, { pixelsOf: rereadPixels(detector, source) }),
    )
    assert.match(page, /999,900 more: 750,000 undecodable, 250,000 of another shape in all\./)
    await detector.close()
  })

  it('are told one by one to who fits, and only counted in the detector', async () => {
    let told = 0
    const before = heapMegabytes()
    const source = among(arrayImages(blobImages({ count: 120, seed: 1, side: 8 })), 1_000_000)
    const detector = await fit(source, { epochs: 1, onSkip: () => told++ })
    assert.ok(heapMegabytes() < before + 20, `${before} to ${heapMegabytes()} MB`)
    assert.equal(told, 1_000_000)
    assert.equal(detector.manifest.counts.skipped, 1_000_000)
    await detector.close()
  })
})
