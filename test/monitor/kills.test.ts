import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { killRun } from '../../evaluation/monitor/kill-run.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { temporaryFolder } from '../images/stored-images.ts'
import { pngsOf } from './running-service.ts'

const folder = temporaryFolder()

describe('a service that is killed while images come', () => {
  it('loses none that it acknowledged, counts none twice, and tells all that it found', async () => {
    const detector = join(folder, 'd.pixeldrift')
    await using fitted = await fitTinyDetector({ epochs: 1 }, { side: 8 })
    await fitted.save(detector)
    const clean = await pngsOf(blobImages({ count: 200, seed: 5, side: 8 }))
    const bright = await pngsOf(blobImages({ count: 60, seed: 6, side: 8, background: 0.3 }))
    const cut = clean[7].subarray(0, 60)
    const files = [...clean, cut, ...bright].map((bytes, i) => ({
      name: `image ${i}`,
      source: 'left',
      bytes,
    }))
    const { told, acknowledged, delivered } = await killRun({
      place: { location: { folder: join(folder, 'data') }, remove: async () => {} },
      folder,
      detector,
      files,
      kills: 2,
      victim: 'service',
      seed: 1,
      together: 3,
      log: () => {},
    })
    assert.equal(acknowledged, files.length)
    const names = files.map(({ name }) => name)
    assert.deepEqual(told.counted, names.toSpliced(200, 1))
    assert.deepEqual(told.skipped, ['image 200'])
    assert.equal(told.verdicts.length, 1)
    const kinds = told.events.map((event) => (JSON.parse(event) as { source: string }).source)
    assert.deepEqual(kinds, ['', 'left'])
    assert.deepEqual(told.alerts, ['drift left open 1'])
    assert.ok(delivered >= 1)
    assert.equal(told.undelivered, 0)
  })
})
