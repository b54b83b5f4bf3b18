import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { arrive } from '../../../evaluation/fitted/change.ts'
import { MILD_CHANGES } from '../../../evaluation/fitted/mild-changes.ts'
import { createRandom, type Tensor, zeros } from '../../../src/tensor/index.ts'

const SIDE = 32
const PIXELS = 3 * SIDE * SIDE

/** Smooth colour images with a little grain, 8-bit. */
function photographs(count: number): Tensor {
  const images = zeros([count, 3, SIDE, SIDE])
  const random = createRandom(1)
  for (let i = 0; i < images.data.length; i++) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE) % SIDE]
    const value = 0.5 + 0.3 * Math.sin(x / 5) * Math.cos(y / 7) + 0.02 * random.normal()
    images.data[i] = Math.round(255 * value) / 255
  }
  return images
}

const changed = async (name: string, pixels: Tensor): Promise<Tensor> => {
  const change = MILD_CHANGES.find((one) => one.name === name)
  assert.ok(change?.apply)
  return arrive(await change.apply(pixels, createRandom(2)), 'as-is', createRandom(3))
}

describe('mild changes', () => {
  it('are ten, each named once', () => {
    assert.equal(new Set(MILD_CHANGES.map(({ name }) => name)).size, 10)
  })

  for (const { name } of MILD_CHANGES) {
    it(`${name} changes some pixels, and none but a moved one by much`, async () => {
      const clean = photographs(3)
      const before = clean.data.slice()
      const { shape, data } = await changed(name, clean)
      assert.deepEqual(shape, clean.shape)
      assert.deepEqual(clean.data, before, 'the images themselves stay as they are')
      const steps = data.map((value, i) => Math.abs(value - before[i]))
      assert.ok(steps.some((step) => step > 0))
      const isMoved = ['mirror', 'one-pixel'].includes(name)
      assert.ok(isMoved || steps.every((step) => step < 0.12), String(Math.max(...steps)))
    })
  }

  it('mirror exchanges left and right, and is undone by itself', async () => {
    const clean = photographs(2)
    const once = await changed('mirror', clean)
    assert.equal(once.data[0], clean.data[SIDE - 1])
    assert.deepEqual((await changed('mirror', once)).data, clean.data)
  })

  it('one-pixel moves every row to the right and repeats its first pixel', async () => {
    const clean = photographs(1)
    const { data } = await changed('one-pixel', clean)
    const row = 5 * SIDE
    assert.equal(data[row], clean.data[row])
    assert.deepEqual(data.slice(row + 1, row + SIDE), clean.data.slice(row, row + SIDE - 1))
  })

  it('two-levels moves all of an image one way, and images both ways', async () => {
    const clean = photographs(20)
    const { data } = await changed('two-levels', clean)
    const moves = Array.from({ length: 20 }, (_, image) => {
      const own = Array.from({ length: PIXELS }, (__, i) =>
        Math.round(255 * (data[image * PIXELS + i] - clean.data[image * PIXELS + i])),
      )
      assert.equal(new Set(own).size, 1)
      return own[0]
    })
    assert.deepEqual(new Set(moves), new Set([-2, 2]))
  })

  it('vignetting leaves the centre alone and darkens corners by 8%', async () => {
    const { data } = await changed('vignetting', {
      shape: [1, 3, SIDE, SIDE],
      data: new Float32Array(PIXELS).fill(200 / 255),
    })
    assert.equal(Math.round(255 * data[0]), Math.round(200 * 0.92))
    assert.equal(Math.round(255 * data[15 * SIDE + 15]), 200)
  })

  it('colour-temperature raises red, lowers blue and leaves green', async () => {
    const pixels = { shape: [1, 3, 1, 1], data: Float32Array.of(0.4, 0.4, 0.4) }
    const { data } = await changed('colour-temperature', pixels)
    assert.deepEqual(
      Array.from(data, (value) => Math.round(255 * value)),
      [105, 102, 99],
    )
  })
})

describe('arrive', () => {
  it('rounds to grey levels and keeps within black and white', async () => {
    const pixels = { shape: [1, 1, 1, 3], data: Float32Array.of(-0.1, 0.5, 1.2) }
    const { data } = await arrive(pixels, 'as-is', createRandom(0))
    assert.deepEqual(data, Float32Array.of(0, 128 / 255, 1))
  })

  it('saved again, images that were saved before hardly change', async () => {
    const once = await arrive(photographs(2), 'saved-again', createRandom(0))
    const twice = await arrive(once, 'saved-again', createRandom(0))
    const steps = twice.data.map((value, i) => Math.abs(value - once.data[i]))
    assert.ok(steps.reduce((sum, step) => sum + step, 0) / steps.length < 0.5 / 255)
  })
})
