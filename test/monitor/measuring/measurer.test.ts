import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  type ImageToMeasure,
  type Measurer,
  openMeasurer,
} from '../../../src/monitor/measuring/index.ts'
import type { Detector } from '../../../src/detector/index.ts'
import { arrayImages } from '../../../src/images/index.ts'
import { alignRows } from '../../../src/monitor/measuring/aligned-rows.ts'
import { measureRequest } from '../../../src/monitor/measuring/measure-request.ts'
import { startProcess } from '../../../src/monitor/processes/index.ts'
import { blobImages } from '../../fixtures/blob-images.ts'
import { fitTinyDetector } from '../../fixtures/tiny-detector.ts'
import { temporaryFolder } from '../../images/stored-images.ts'
import { pngsOf } from '../running-service.ts'

const folder = temporaryFolder()
const said: string[] = []
const MIB = 1024 * 1024
const limits = {
  timeoutMs: 8000,
  memoryBytes: 400 * MIB,
  pixelLimit: 1e6,
  log: (_: string, message: string) => void said.push(message),
}

const imageOf = (bytes: string | Uint8Array, ordinal: number): ImageToMeasure => ({
  number: 100 + ordinal,
  ordinal,
  record: { id: `image ${ordinal}` },
  bytes: Buffer.from(bytes),
  outputs: {},
})

describe('measuring in processes', () => {
  let measurer: Measurer
  const open = (path = './touchy-process', processes = 1) =>
    openMeasurer({
      ...limits,
      processes,
      artifactOf: async () => Uint8Array.of(1),
      start: () => startProcess(path, import.meta.url),
    })
  before(() => (measurer = open()))
  after(() => measurer.close())

  const codesOf = async (images: readonly string[]) =>
    (await measurer.measure('d', images.map(imageOf))).map((one) =>
      'code' in one ? one.code : 'measured',
    )

  it('leaves out the one image that kills its process, by name, and measures all others', async () => {
    const images = Array.from({ length: 6 }, (_, i) => (i === 3 ? 'crash' : 'fine'))
    const found = await measurer.measure('d', images.map(imageOf))
    assert.deepEqual(
      found.map(({ number }) => number),
      images.map((_, i) => 100 + i),
    )
    const left = found.filter((one) => 'code' in one)
    assert.deepEqual(left, [
      {
        number: 103,
        code: 'image.poisonous',
        message: 'image 3: it ended the process that measured it',
      },
    ])
    assert.ok(measurer.restarts > 0)
  })

  it('ends a process that hangs or grows over an image, and goes on', async () => {
    assert.deepEqual(await codesOf(['hang', 'fine']), ['image.poisonous', 'measured'])
    assert.deepEqual(await codesOf(['grow', 'fine']), ['image.poisonous', 'measured'])
    assert.ok(said.includes('a process ended: too-slow'), said.join())
    assert.ok(said.includes('a process ended: too-large'), said.join())
  })

  it('leaves out what does not fit the detector with the reason, the others not', async () => {
    assert.deepEqual(await codesOf(['fine', 'odd', 'fine']), [
      'measured',
      'model-outputs.invalid',
      'measured',
    ])
  })

  it('hands the detector over where it is not known', async () => {
    const [one] = await measurer.measure('unknown', [imageOf('fine', 0)])
    assert.ok('numbers' in one)
  })

  it('blames no image for a process that can’t be started, or that its service ends', async () => {
    const missing = open('./no-such-process')
    await assert.rejects(missing.measure('d', [imageOf('fine', 0)]), { ending: 'not-started' })
    await missing.close()
    const closing = open()
    await closing.measure('d', [imageOf('fine', 0)])
    const hanging = closing.measure('d', [imageOf('hang', 0)])
    await closing.close()
    await assert.rejects(hanging, { code: 'resource.closed' })
  })

  it('shares parts of 64 out among its processes, in their order', async () => {
    const several = open('./touchy-process', 2)
    const found = await several.measure(
      'd',
      Array.from({ length: 150 }, (_, i) => imageOf('fine', i)),
    )
    await several.close()
    const ordinals = found.map((one) => ('numbers' in one ? one.numbers[0] : -1))
    assert.deepEqual(
      ordinals,
      ordinals.map((_, i) => i),
    )
    assert.equal(new Set(found.map((one) => ('hash' in one ? one.hash : 0))).size, 2)
  })
})

describe('measuring an image', () => {
  let detector: Detector
  before(async () => (detector = await fitTinyDetector({ epochs: 1 }, { side: 8 })))
  after(() => detector.close())

  it('gives the same bits whichever others it is measured with, and names what is no image', async () => {
    const artifact = await artifactOf(detector)
    const measurer = openMeasurer({
      ...limits,
      timeoutMs: 60_000,
      memoryBytes: 4096 * MIB,
      processes: 1,
      artifactOf: async () => artifact,
    })
    const files: Uint8Array[] = await pngsOf(blobImages({ count: 20, seed: 3, side: 8 }))
    const hostile = [
      files[5].subarray(0, 50),
      Buffer.from('no image'),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      Buffer.from('GIF89a'),
      bombOf(40_000, 40_000),
    ]
    const images = [...files.slice(0, 10), ...hostile, ...files.slice(10)].map(imageOf)
    const together = await measurer.measure('d', images)
    const left = together.filter((one) => 'code' in one)
    assert.deepEqual(
      left.map(({ number }) => number),
      [110, 111, 112, 113, 114],
    )
    for (const { code } of left) assert.match(code, /^image\.(undecodable|too-large)$/)
    for (const part of [images.slice(0, 3), images.slice(17, 18), images.slice(3, 20)]) {
      const apart = await measurer.measure('d', part)
      const first = part[0].ordinal
      assert.deepEqual(apart, together.slice(first, first + part.length))
    }
    await measurer.close()
  })

  it('gives what is at each place of the frame of each, where windows are judged by it', async () => {
    const pixels = blobImages({ count: 5, seed: 3, side: 8 })
    const images = (await pngsOf(pixels)).map((file, i) => imageOf(file, i + 3))
    const request = { detector: { id: 'd' }, images, pixelLimit: 1e6, thumbnails: false }
    const placesBy = async (own: Detector) => {
      const answer = await measureRequest(request, { take: async () => own })
      const measured = answer === 'needs-detector' ? [] : answer.images
      return measured.map((one) => ('numbers' in one ? one.places : null))
    }
    const cells = await placesBy(detector)
    const whole: number[] = []
    for await (const { places = [] } of detector.measure(arrayImages(pixels))) whole.push(...places)
    assert.deepEqual(
      cells.flatMap((one) => Array.from(one ?? [])),
      whole,
    )
    const { baseline } = detector
    const settings = { ...baseline.settings, features: ['property'] as const }
    const without = { ...detector, baseline: { ...baseline, settings } }
    assert.deepEqual(
      await placesBy(without),
      images.map(() => undefined),
    )
  })
})

async function artifactOf(detector: Detector): Promise<Uint8Array> {
  const path = join(folder, 'd.pixeldrift')
  await detector.save(path)
  return readFileSync(path)
}

/** A PNG whose header promises far more pixels than its few bytes hold. */
function bombOf(width: number, height: number): Buffer {
  const header = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width)
  size.writeUInt32BE(height, 4)
  size.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([header, size, Buffer.alloc(4)])
}

describe('rows in their places', () => {
  it('are where the ordinal says among sixteen, the gaps filled, whole blocks', () => {
    const ordinals = [3, 4, 20]
    const rows = alignRows(ordinals)
    assert.equal(rows.length, 32)
    const real = rows.flatMap(({ index, isFiller }, place) => (isFiller ? [] : [[index, place]]))
    assert.deepEqual(
      real,
      ordinals.map((ordinal, index) => [index, ordinal]),
    )
    const full = Array.from({ length: 32 }, (_, i) => i + 16)
    assert.ok(alignRows(full).every(({ isFiller }) => !isFiller))
    assert.deepEqual(alignRows([]), [])
  })
})
