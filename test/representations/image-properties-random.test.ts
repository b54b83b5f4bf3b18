import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ImageShape } from '../../src/images/index.ts'
import { createImageProperties, measureRows } from '../../src/representations/index.ts'
import { createRandom, type Random, tensor } from '../../src/tensor/index.ts'
import { referenceProperties } from './reference-properties.ts'

/** Columns that count or choose: rounding has no part in them. */
const exact = new Set([
  'minimum',
  'quantile-05',
  'median',
  'quantile-95',
  'maximum',
  'zero-fraction',
  'black-fraction',
  'mid-grey-fraction',
  'white-fraction',
  'one-fraction',
  'grey-levels',
  'off-grid-fraction',
  'off-fine-grid-fraction',
  'level-gaps',
  'level-comb',
  'odd-level-fraction',
  'flat-fraction',
  'smooth-noise',
  'colourless-fraction',
  'content-left',
  'content-right',
  'content-top',
  'content-bottom',
  'bright-spike',
  'dark-spike',
])

const kinds: Readonly<Record<string, (random: Random) => number>> = {
  '8-bit': (random) => random.integer(256) / 255,
  'mostly black': (random) => (random.uniform() < 0.8 ? 0 : random.integer(256) / 255),
  'few levels': (random) => (100 + random.integer(3)) / 255,
  '16-bit': (random) => random.integer(65536) / 65535,
  'un-quantised': (random) => random.uniform(),
  'nearly on the grid': (random) =>
    Math.min(1, Math.max(0, (random.integer(256) + 0.0022 * (random.uniform() - 0.5)) / 255)),
  'here and there off the grid': (random) =>
    random.uniform() < 0.02 ? random.uniform() : random.integer(256) / 255,
}

/** Sides around the four lanes of a vector, the 16 values of a block and the 64 rows of a run. */
const sides = [1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 17, 33, 64, 65, 67]

function randomShape(random: Random): ImageShape {
  const side = (): number => sides[random.integer(sides.length)]
  const shape = { channels: 1 + random.integer(4), height: side(), width: side() }
  return shape.height * shape.width > 1500 ? { ...shape, height: 2 } : shape
}

async function compare(shape: ImageShape, data: Float32Array): Promise<void> {
  const { channels, height, width } = shape
  const properties = createImageProperties(shape)
  const size = channels * height * width
  const count = data.length / size
  const values = await measureRows(properties, {
    pixels: tensor([count, channels, height, width], data),
  })
  const { columns } = properties
  for (let image = 0; image < count; image++) {
    const pixels = data.subarray(image * size, (image + 1) * size)
    const expected = referenceProperties(pixels, shape)
    columns.forEach(({ name }, k) => {
      const value = values[image * columns.length + k]
      const wanted = expected[name]
      const where = `${name} of ${channels}×${height}×${width}: ${value}, ${wanted}`
      if (exact.has(name)) assert.equal(value, Math.fround(wanted), where)
      else assert.ok(Math.abs(value - wanted) <= 2e-5 * Math.max(1, Math.abs(wanted)), where)
    })
  }
}

describe('image properties agree with their definitions on random shapes', () => {
  for (const [kind, draw] of Object.entries(kinds)) {
    it(`of ${kind} values`, async () => {
      const random = createRandom(kind.length)
      for (let round = 0; round < 25; round++) {
        const shape = randomShape(random)
        const size = shape.channels * shape.height * shape.width
        const data = Float32Array.from({ length: 2 * size }, () => draw(random))
        await compare(shape, data)
      }
    })
  }

  it('of one value', async () => {
    const random = createRandom(0)
    for (const value of [0, 1, 0.5, 1 / 3, 100 / 255]) {
      const shape = randomShape(random)
      const size = shape.channels * shape.height * shape.width
      await compare(shape, new Float32Array(size).fill(value))
    }
  })
})
