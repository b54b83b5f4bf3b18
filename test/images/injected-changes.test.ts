import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FILE_COLUMNS } from '../../src/file-properties.ts'
import {
  arrayImages,
  GRADED_CHANGES,
  type ImageBatch,
  injectChange,
  jpegCompression,
  keepSample,
} from '../../src/images/index.ts'
import { createRandom, sliceRows, type Tensor, tensor } from '../../src/tensor/index.ts'

const SIDE = 16

/** Smooth colour images, rounded to 8 bits. */
function images(count: number, channels = 3): Tensor {
  const random = createRandom(1)
  const size = channels * SIDE * SIDE
  const data = new Float32Array(count * size)
  for (let row = 0; row < count; row++) {
    const [x, y, phase] = [random.uniform(), random.uniform(), random.uniform()]
    for (let i = 0; i < size; i++) {
      const wave = Math.sin(
        0.3 * x * (i % SIDE) +
          0.3 * y * (Math.floor(i / SIDE) % SIDE) +
          6 * phase +
          Math.floor(i / SIDE ** 2),
      )
      data[row * size + i] = Math.round(127 + 90 * wave) / 255
    }
  }
  return tensor([count, channels, SIDE, SIDE], data)
}

function batchOf(pixels: Tensor, files?: Tensor): ImageBatch {
  const records = Array.from({ length: pixels.shape[0] }, (_, i) => ({ id: String(i) }))
  return { pixels, records, ...(files && { files }) }
}

function difference(a: Tensor, b: Tensor): number {
  let sum = 0
  a.data.forEach((value, i) => (sum += Math.abs(value - b.data[i])))
  return sum / a.data.length
}

describe('graded changes', () => {
  const pixels = images(6)
  for (const change of GRADED_CHANGES) {
    it(`grow from hardly to plainly, inside [0, 1]: ${change.name}`, async () => {
      const { from, to } = change
      assert.ok(from > 0 && from < to)
      assert.match(change.title, /\{\}/)
      const steps = [from, Math.sqrt(from * to), to]
      const distances: number[] = []
      for (const strength of steps) {
        const changed = await change.apply(pixels, { strength, random: createRandom(2) })
        assert.deepEqual(changed.shape, pixels.shape)
        assert.ok(changed.data.every((value) => value >= 0 && value <= 1))
        distances.push(difference(changed, pixels))
      }
      const [weak, middle, strong] = distances
      assert.ok(weak < 0.02 && weak <= middle && middle < strong && strong > 0.01, distances.join())
    })
  }

  it('of colour leave grey images alone', async () => {
    const grey = images(2, 1)
    for (const change of GRADED_CHANGES.filter(({ needsColour }) => needsColour)) {
      const changed = await change.apply(grey, { strength: change.to, random: createRandom(2) })
      assert.deepEqual(changed.data, grey.data)
    }
  })

  it('have names of their own', () => {
    assert.equal(new Set(GRADED_CHANGES.map(({ name }) => name)).size, GRADED_CHANGES.length)
  })

  it('dirt the lens at one and the same place', async () => {
    const white = tensor([2, 1, 20, 40], new Float32Array(1600).fill(1))
    const spot = GRADED_CHANGES.find(({ name }) => name === 'lens-spot')
    assert.ok(spot)
    const { data } = await spot.apply(white, { strength: 30, random: createRandom(9) })
    const [first, second] = [data.subarray(0, 800), data.subarray(800)]
    assert.deepEqual(first, second)
    const darkest = first.indexOf(Math.min(...first))
    assert.deepEqual([Math.floor(darkest / 40), darkest % 40], [7, 23])
    assert.ok(first[darkest] < 0.45 && first[darkest] > 0.39)
    // A radius from the middle it has lost 1/e of its darkness; 30% of the shorter side is 6 pixels wide.
    const light = first[7 * 40 + 23 + 3]
    assert.ok(light > 0.7 && light < 0.85, `${light}`)
  })

  it('redden the light', async () => {
    const grey = tensor([1, 3, 1, 1], Float32Array.of(0.5, 0.5, 0.5))
    const cast = GRADED_CHANGES.find(({ name }) => name === 'colour-cast')
    const changed = await cast?.apply(grey, { strength: 20, random: createRandom(1) })
    assert.deepEqual(changed?.data, Float32Array.of(0.6, 0.5, 0.4))
  })
})

const darker = GRADED_CHANGES.find(({ name }) => name === 'darker')
assert.ok(darker)

describe('injecting a change', () => {
  it('rounds as images of that depth are', async () => {
    const pixels = images(3)
    const changed = await injectChange(batchOf(pixels), darker, { strength: 13, depth: 8, seed: 0 })
    changed.data.forEach((value, i) => {
      assert.equal(value, Math.fround(Math.round(Math.fround(pixels.data[i] * 0.87) * 255) / 255))
    })
    const finer = await injectChange(batchOf(pixels), darker, { strength: 13, depth: 16, seed: 0 })
    const bare = await injectChange(batchOf(pixels), darker, { strength: 13, seed: 0 })
    finer.data.forEach((value, i) => {
      assert.equal(value, Math.fround(Math.round(bare.data[i] * 65_535) / 65_535))
    })
  })

  it('saves JPEGs of the working size once more at their own quality, and no others', async () => {
    const pixels = images(3)
    const files = tensor([3, FILE_COLUMNS.length], new Float32Array(3 * FILE_COLUMNS.length))
    const place = (name: string): number => FILE_COLUMNS.findIndex((one) => one.name === name)
    const say = (row: number, name: string, value: number): void => {
      files.data[row * FILE_COLUMNS.length + place(name)] = value
    }
    for (const row of [0, 1, 2]) {
      say(row, 'image-width', row === 1 ? 2 * SIDE : SIDE)
      say(row, 'image-height', SIDE)
    }
    say(0, 'jpeg-quality', 60)
    say(1, 'jpeg-quality', 60)
    const options = { strength: 13, depth: 8, seed: 0 } as const
    const bare = await injectChange(batchOf(pixels), darker, options)
    const saved = await injectChange(batchOf(pixels, files), darker, options)
    const [first, ...others] = [0, 1, 2].map((row) => sliceRows(saved, row, row + 1).data)
    const once = sliceRows(bare, 0, 1)
    const again = await jpegCompression.apply(once, { quality: 60, random: createRandom(1) })
    assert.deepEqual(first, again.data)
    assert.notDeepEqual(first, once.data)
    assert.deepEqual(
      others,
      [1, 2].map((row) => sliceRows(bare, row, row + 1).data),
    )
  })

  it('leaves the images it was given as they are, and draws by its seed', async () => {
    const pixels = images(3)
    const before = pixels.data.slice()
    const noise = GRADED_CHANGES.find(({ name }) => name === 'noise')
    assert.ok(noise)
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => injectChange(batchOf(pixels), noise, { strength: 9, seed })),
    )
    assert.deepEqual(pixels.data, before)
    assert.deepEqual(first, again)
    assert.notDeepEqual(first, other)
  })
})

describe('keeping a sample of a source', () => {
  const count = 40
  const source = arrayImages(
    tensor(
      [count, 1, 1, 1],
      Float32Array.from({ length: count }, (_, i) => i / 64),
    ),
  )
  const read = async (size: number, seed: number) => {
    const { source: watched, kept } = keepSample(source, {
      count: size,
      random: createRandom(seed),
    })
    const ids: string[] = []
    for await (const { records } of watched.batches({ batchSize: 7 })) {
      ids.push(...records.map(({ id }) => id))
    }
    return { ids, kept: kept(size) }
  }

  it('hands on every image, and keeps whole ones', async () => {
    const { ids, kept } = await read(10, 1)
    assert.deepEqual(
      ids,
      Array.from({ length: count }, (_, i) => String(i)),
    )
    assert.ok(kept)
    assert.equal(new Set(kept.records.map(({ id }) => id)).size, 10)
    kept.records.forEach(({ id }, i) => assert.equal(kept.pixels.data[i], Number(id) / 64))
  })

  it('keeps all where there are no more, and nothing of nothing', async () => {
    const { kept } = await read(100, 1)
    assert.equal(kept?.records.length, count)
    assert.equal(keepSample(source, { count: 3, random: createRandom(1) }).kept(3), undefined)
  })

  it('keeps each as often as another, in any order', async () => {
    const times = new Float64Array(count)
    const firsts = new Float64Array(count)
    for (let seed = 0; seed < 300; seed++) {
      const { kept } = await read(10, seed)
      for (const { id } of kept?.records ?? []) times[Number(id)]++
      firsts[Number(kept?.records[0].id)]++
    }
    // 75 of 300 each, five standard errors either way.
    assert.ok(
      times.every((one) => one > 37 && one < 113),
      times.join(),
    )
    assert.ok(Math.max(...firsts) < 30, firsts.join())
  })
})
