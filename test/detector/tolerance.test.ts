import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Detector, Verdict } from '../../src/detector/index.ts'
import { toleratedImages } from '../../src/detector/tolerance.ts'
import { adjustImages, type Adjustment, arrayImages } from '../../src/images/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'

const SIDE = 10
let detector: Detector

before(async () => {
  const tolerate = { brightness: 0.1, translation: 0.1 }
  detector = await fitTinyDetector({ tolerate, seed: 1 }, { count: 300, side: SIDE })
})
after(async () => detector.close())

/** Fresh images, each changed as `choose` says. */
async function check(choose: () => Adjustment): Promise<Verdict> {
  const pixels = blobImages({ count: 40, seed: 8, side: SIDE })
  const options = { random: createRandom(2), quantised: true }
  return detector.check(arrayImages(adjustImages(pixels, choose, options)))
}

describe('tolerated changes', () => {
  const random = createRandom(3)
  const within = (limit: number): number => limit * (2 * random.uniform() - 1)
  const quiet: readonly [title: string, choose: () => Adjustment][] = [
    ['none', () => ({})],
    ['the strongest brightness', () => ({ brightness: 0.1 })],
    ['less brightness than that, downwards', () => ({ brightness: -0.05 })],
    ['the strongest translation', () => ({ right: 0.1 })],
    ['brightness that varies from image to image', () => ({ brightness: within(0.1) })],
    [
      'all of them together',
      () => ({ brightness: within(0.1), down: within(0.1), right: within(0.1) }),
    ],
  ]
  for (const [title, choose] of quiet) {
    it(`raise no alarm: ${title}`, async () => {
      assert.equal((await check(choose)).severity, 'ok')
    })
  }

  const loud: readonly [title: string, change: Adjustment][] = [
    ['three times the brightness', { brightness: 0.3 }],
    ['a translation far beyond', { down: 0.35 }],
    ['noise, which was not named', { noise: 0.15 }],
    ['contrast, which was not named', { contrast: -0.5 }],
  ]
  for (const [title, change] of loud) {
    it(`do not cover ${title}`, async () => {
      assert.equal((await check(() => change)).severity, 'drift')
    })
  }

  it('would raise the alarm where they are not tolerated', async () => {
    const strict = await fitTinyDetector({ seed: 1 }, { count: 300, side: SIDE })
    const pixels = blobImages({ count: 40, seed: 8, side: SIDE })
    const brighter = adjustImages(pixels, () => ({ brightness: 0.1 }), {
      random: createRandom(2),
      quantised: true,
    })
    assert.equal((await strict.check(arrayImages(brighter))).severity, 'drift')
    await strict.close()
  })

  it('are named in the detector, each kind alone and all together', () => {
    const titles = detector.manifest.tolerated.map(({ title }) => title)
    assert.ok(titles.includes('brightness -0.1'))
    assert.ok(titles.some((title) => /random translation, brightness/.test(title)))
    assert.equal(new Set(titles).size, titles.length)
  })

  it('of strength 0 are none', () => {
    const pixels = blobImages({ count: 5, seed: 1, side: SIDE })
    assert.deepEqual([...toleratedImages(pixels, { rotation: 0 }, 1)], [])
  })
})
