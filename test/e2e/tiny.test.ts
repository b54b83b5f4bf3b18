/** The whole road in seconds: images, detector, verdict, report, file. Run it before every commit. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { type Detector, fit, loadDetector, type Verdict } from '../../src/detector/index.ts'
import { arrayImages, type ImageSource } from '../../src/images/index.ts'
import {
  collectReport,
  rereadPixels,
  renderHtmlReport,
  renderTerminalReport,
  reportJson,
} from '../../src/report/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const reference = (): ImageSource => arrayImages(blobImages({ count: 300, seed: 1, side: 12 }))
const clean = arrayImages(blobImages({ count: 40, seed: 2, side: 12 }))
const drifted = arrayImages(blobImages({ count: 40, seed: 3, side: 12, background: 0.25 }))

const now = () => new Date('2026-11-23T14:05:00Z')

async function fitSmall(): Promise<Detector> {
  return fit(reference(), { seed: 5, epochs: 2, now })
}

describe('from images to a verdict', () => {
  it('is quiet on clean images, finds drift, reports it, and says the same after it was saved', async () => {
    const detector = await fitSmall()
    const quiet = await detector.check(clean, { now })
    assert.equal(quiet.judgement.severity, 'ok')
    const loud = await detector.check(drifted, { now })
    assert.equal(loud.judgement.severity, 'drift')
    await assertReported(detector, loud)

    const path = join(temporaryFolder(), 'tiny.pixeldrift')
    await detector.save(path)
    await detector.close()
    const loaded = await loadDetector(path)
    assert.deepEqual(await loaded.check(clean, { now }), quiet)
    assert.deepEqual(await loaded.check(drifted, { now }), loud)
    await loaded.close()
  })

  it('gives the same detector and the same verdict for the same seed', async () => {
    const [first, second] = [await fitSmall(), await fitSmall()]
    assert.equal(second.manifest.id, first.manifest.id)
    assert.deepEqual(second.manifest, first.manifest)
    assert.deepEqual(await second.check(drifted, { now }), await first.check(drifted, { now }))
    await first.close()
    await second.close()
  })
})

async function assertReported(detector: Detector, verdict: Verdict): Promise<void> {
  const data = await collectReport(detector, verdict, {
    pixelsOf: rereadPixels(detector, drifted),
  })
  assert.deepEqual(
    data.mostDrifted.map(({ id }) => id),
    verdict.judgement.exemplars.mostUnusual.map(({ id }) => id),
  )
  assert.equal(data.referenceLosses.length, detector.manifest.counts.reference)
  const html = await renderHtmlReport(data)
  assert.match(html, /^<!doctype html>/i)
  assert.ok(html.includes('40 images'))
  assert.deepEqual(reportJson(data).verdict, verdict)
  assert.match(renderTerminalReport(verdict, { color: false, width: 80 }), /^DRIFT/)
}
