import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Detector, Verdict } from '../../src/detector/index.ts'
import { adjustImages, type Adjustment, arrayImages } from '../../src/images/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'

const SIDE = 10
const images = { count: 600, side: SIDE }
let detector: Detector

before(async () => {
  const tolerate = { brightness: 0.1, translation: 0.1 }
  detector = await fitTinyDetector({ tolerate, seed: 1 }, images)
})
after(async () => detector.close())

/** Fresh images, each changed as `choose` says for its row. */
async function check(choose: (row: number) => Adjustment, count = 60): Promise<Verdict> {
  const pixels = blobImages({ count, seed: 8, side: SIDE })
  const options = { random: createRandom(2), quantised: true }
  return detector.check(arrayImages(adjustImages(pixels, choose, options)))
}

describe('tolerated changes', () => {
  const random = createRandom(3)
  const within = (limit: number): number => limit * (2 * random.uniform() - 1)
  const half = (row: number): boolean => row % 2 === 0
  const cubic = { interpolation: 'bicubic', border: 'black' } as const
  const quiet: readonly [title: string, choose: (row: number) => Adjustment][] = [
    ['none', () => ({})],
    ['the strongest brightness', () => ({ brightness: 0.1 })],
    ['the strongest brightness as a gain', () => ({ gain: -0.1 })],
    ['less brightness than that, the same for all', () => ({ brightness: -0.06 })],
    [
      'the strongest brightness of every other image',
      (row) => (half(row) ? { brightness: 0.1 } : {}),
    ],
    ['the strongest translation', () => ({ right: 0.1 })],
    ['the strongest translation by another tool', () => ({ down: -0.1, resampling: cubic })],
    ['the strongest translation of every other image', (row) => (half(row) ? { right: 0.1 } : {})],
    ['brightness that varies from image to image', () => ({ brightness: within(0.05) })],
    [
      'all of them together',
      () => ({ brightness: within(0.1), down: within(0.1), right: within(0.1) }),
    ],
    ['all of them at the limit', () => ({ brightness: 0.1, down: 0.1, right: -0.1 })],
  ]
  for (const [title, choose] of quiet) {
    it(`raise no alarm: ${title}`, async () => {
      assert.equal((await check(choose)).judgement.severity, 'ok')
    })
  }

  const loud: readonly [title: string, change: Adjustment][] = [
    ['twice the brightness', { brightness: 0.2 }],
    ['a translation far beyond', { down: 0.35 }],
    ['noise, which was not named', { noise: 0.15 }],
    ['contrast, which was not named', { contrast: -0.5 }],
  ]
  for (const [title, change] of loud) {
    it(`do not cover ${title}`, async () => {
      assert.equal((await check(() => change)).judgement.severity, 'drift')
    })
  }

  it('would raise the alarm where they are not tolerated', async () => {
    const strict = await fitTinyDetector({ seed: 1 }, images)
    const pixels = blobImages({ count: 60, seed: 8, side: SIDE })
    const brighter = adjustImages(pixels, () => ({ brightness: 0.1 }), {
      random: createRandom(2),
      quantised: true,
    })
    assert.equal((await strict.check(arrayImages(brighter))).judgement.severity, 'drift')
    await strict.close()
  })

  it('are named in the detector, with the features that are no evidence', () => {
    const { tolerance, columns, notes } = detector.manifest
    assert.deepEqual(tolerance?.limits, { brightness: 0.1, translation: 0.1 })
    const names = new Set(columns.map(({ name }) => name))
    for (const name of tolerance?.untested ?? []) {
      assert.ok(names.has(name), name)
      assert.ok(
        notes.some((note) => note.code === 'untested-features' && note.names.includes(name)),
        name,
      )
    }
  })

  it('of strength 0 are none', async () => {
    const none = await fitTinyDetector({ tolerate: { rotation: 0 }, epochs: 1 }, images)
    assert.equal(none.tolerance, undefined)
    assert.equal(none.manifest.tolerance, undefined)
    await none.close()
  })
})
