import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { throughJpeg } from '../../src/images/codec/encode.ts'
import { createRandom, tensor, type Tensor } from '../../src/tensor/index.ts'

const [HEIGHT, WIDTH] = [16, 24]
const AREA = HEIGHT * WIDTH

/** Smooth waves, a plane of its own for each channel, with a little noise. */
function waves(channels: number): Tensor {
  const random = createRandom(1)
  const data = Float32Array.from({ length: channels * AREA }, (_, i) => {
    const [channel, x, y] = [Math.floor(i / AREA), i % WIDTH, Math.floor((i % AREA) / WIDTH)]
    return 0.5 + 0.35 * Math.sin((channel + 1) * (x / 5) + y / 7) + 0.05 * random.normal()
  })
  return tensor([channels, HEIGHT, WIDTH], data)
}

const plane = ({ data }: Tensor, channel: number): Tensor =>
  tensor([1, HEIGHT, WIDTH], data.slice(channel * AREA, (channel + 1) * AREA))

function distance(a: Tensor, b: Tensor): number {
  return Math.sqrt(
    a.data.reduce((sum, value, i) => sum + (value - b.data[i]) ** 2, 0) / a.data.length,
  )
}

describe('what JPEG leaves of an image', () => {
  it('is what the encoder leaves of its bytes, in grey and in colour', async () => {
    for (const channels of [1, 3] as const) {
      const image = waves(channels)
      const bytes = Uint8Array.from({ length: channels * AREA }, (_, i) => {
        const value = image.data[(i % channels) * AREA + Math.floor(i / channels)]
        return Math.round(255 * Math.min(1, Math.max(0, value)))
      })
      const space = channels === 1 ? 'b-w' : 'srgb'
      const file = await sharp(bytes, { raw: { width: WIDTH, height: HEIGHT, channels } })
        .toColourspace(space)
        .jpeg({ quality: 30 })
        .toBuffer()
      const pixels = await sharp(file).toColourspace(space).raw().toBuffer()
      const { shape, data } = await throughJpeg(image, 30)
      assert.deepEqual(shape, image.shape)
      data.forEach((value, i) => {
        const expected = pixels[(i % AREA) * channels + Math.floor(i / AREA)] / 255
        assert.ok(Math.abs(value - expected) < 1e-6)
      })
    }
  })

  it('is near the image at a high quality, less so at a low one', async () => {
    const image = waves(1)
    const away = await Promise.all(
      [95, 50, 10].map(async (quality) => distance(await throughJpeg(image, quality), image)),
    )
    assert.ok(away[0] < 0.02, away.join())
    assert.ok(away[0] < away[1] && away[1] < away[2])
  })

  it('is plane by plane what is left of each where there are two or four', async () => {
    for (const channels of [2, 4]) {
      const image = waves(channels)
      const together = await throughJpeg(image, 40)
      for (let channel = 0; channel < channels; channel++) {
        const alone = await throughJpeg(plane(image, channel), 40)
        assert.deepEqual(plane(together, channel).data, alone.data)
      }
    }
  })
})
