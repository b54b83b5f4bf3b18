import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { GRADED_CHANGES } from '../../../src/images/index.ts'
import {
  type FeatureColumn,
  type FeatureTable,
  type Learning,
  type Representation,
  REPRESENTATION_KINDS,
} from '../../../src/representations/index.ts'
import { knownChanges } from '../../../src/representations/witness/known-changes.ts'
import { createRandom, type Tensor } from '../../../src/tensor/index.ts'

const kind = REPRESENTATION_KINDS.find(({ name }) => name === 'witness')
const SHAPE = { channels: 1, height: 16, width: 16 }
const COLUMNS = ['mean', 'spread', 'steps'].map((name): FeatureColumn => ({
  name,
  group: 'property',
  title: name,
}))

/** Smooth waves of a few grey levels of noise. */
function waves(count: number, seed: number): Tensor {
  const random = createRandom(seed)
  const size = SHAPE.height * SHAPE.width
  const data = new Float32Array(count * size)
  for (let image = 0; image < count; image++) {
    const [phase, height] = [6 * random.uniform(), 0.25 + 0.01 * random.uniform()]
    for (let i = 0; i < size; i++) {
      const wave = Math.sin(phase + (i % SHAPE.width) / 2 + Math.floor(i / SHAPE.width) / 3)
      data[image * size + i] = 0.5 + height * wave + 0.01 * random.normal()
    }
  }
  return { shape: [count, 1, SHAPE.height, SHAPE.width], data }
}

/** Mean, standard deviation, and mean step from pixel to pixel of each image. */
function measured({ shape: [rows], data }: Tensor): FeatureTable {
  const size = data.length / rows
  const values = Float32Array.from({ length: 3 * rows }, (_, i) => {
    const own = data.subarray(Math.floor(i / 3) * size, (Math.floor(i / 3) + 1) * size)
    const mean = own.reduce((sum, v) => sum + v, 0) / size
    if (i % 3 === 0) return mean
    if (i % 3 === 1) return Math.sqrt(own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / size)
    return own.reduce((sum, v, k) => sum + Math.abs(v - own[Math.max(0, k - 1)]), 0) / size
  })
  return { columns: COLUMNS, rows, values }
}

const training = waves(400, 1)

async function fitWitness(seed = 1): Promise<Representation> {
  const fitted = await kind?.fit({
    shape: SHAPE,
    training: { pixels: training },
    seed,
    measure: async (pixels?: Tensor) => measured(pixels ?? waves(300, 2)),
  } as unknown as Learning)
  assert.ok(fitted)
  return fitted
}

/** Log-odds of each known change, of each image. */
async function oddsOf(witness: Representation, pixels: Tensor): Promise<Float32Array> {
  const { values, rows } = measured(pixels)
  const width = witness.columns.length
  const out = new Float32Array(rows * (width + 2)).fill(-99)
  const source = { values, rows, stride: 3, columns: Uint32Array.of(0, 1, 2) }
  await witness.measureInto(
    { columns: source },
    {
      values: out,
      stride: width + 2,
      offset: 1,
    },
  )
  return out
}

function meanOf(odds: Float32Array, witness: Representation, name: string): number {
  const width = witness.columns.length + 2
  const at = witness.columns.findIndex((column) => column.name === `witness-${name}`)
  assert.ok(at >= 0, name)
  let sum = 0
  for (let i = at + 1; i < odds.length; i += width) sum += odds[i]
  return (sum / odds.length) * width
}

describe('the witness of known changes', () => {
  let witness: Representation
  before(async () => {
    witness = await fitWitness()
  })

  it('has a column of each change that the images can show, as a group of its own', () => {
    assert.deepEqual(
      witness.columns.map(({ name }) => name),
      knownChanges(SHAPE).map(({ name }) => `witness-${name}`),
    )
    assert.ok(witness.columns.every(({ group }) => group === 'witness'))
    for (const { title } of witness.columns) {
      assert.match(title, /^signs of a known change \([a-z]+( [a-z]+)*\)$/)
    }
    assert.equal(witness.columns[2].title, 'signs of a known change (less contrast)')
    assert.ok(knownChanges(SHAPE).length < knownChanges({ ...SHAPE, channels: 3 }).length)
  })

  for (const name of ['brighter', 'darker', 'less-contrast']) {
    it(`tells images that are ${name} from others, by odds that rise`, async () => {
      const change = GRADED_CHANGES.find((one) => one.name === name)
      assert.ok(change)
      const { from, to } = change
      const plain = waves(100, 5)
      const strength = from * (to / from) ** 0.6
      const changed = await change.apply(plain, { strength, random: createRandom(3) })
      const [unchanged, odds] = [await oddsOf(witness, plain), await oddsOf(witness, changed)]
      assert.ok(meanOf(odds, witness, name) > meanOf(unchanged, witness, name) + 1.5)
      assert.ok(meanOf(unchanged, witness, name) < 0, 'unchanged images speak against it')
    })
  }

  it('writes its columns where it is told to, and nowhere else', async () => {
    const odds = await oddsOf(witness, waves(3, 8))
    const width = witness.columns.length + 2
    odds.forEach((value, i) => {
      assert.equal(value === -99, i % width === 0 || i % width === width - 1)
    })
  })

  it('is the same for the same seed, and from its files gives the same to the bit', async () => {
    const pixels = waves(1500, 9)
    const odds = await oddsOf(witness, pixels)
    assert.deepEqual(await oddsOf(await fitWitness(), pixels), odds)
    assert.notDeepEqual(await oddsOf(await fitWitness(2), pixels), odds)
    const loaded = await kind?.load(witness.save(), {})
    assert.ok(loaded)
    assert.deepEqual(loaded.columns, witness.columns)
    assert.deepEqual(loaded.needs, witness.needs)
    assert.deepEqual(await oddsOf(loaded, pixels), odds)
  })

  it('does not depend on which images are measured together', async () => {
    const pixels = waves(20, 11)
    const size = pixels.data.length / 20
    const whole = await oddsOf(witness, pixels)
    const last = await oddsOf(witness, {
      shape: [1, ...pixels.shape.slice(1)],
      data: pixels.data.slice(-size),
    })
    const width = witness.columns.length + 2
    last.forEach((value, i) => assert.ok(Math.abs(value - whole[19 * width + i]) < 1e-4))
  })

  it('refuses files that are damaged', async () => {
    const files = new Map(witness.save())
    const weights = files.get('witness.weights.f32')
    assert.ok(weights)
    files.set('witness.weights.f32', weights.subarray(4))
    await assert.rejects(async () => kind?.load(files, {}), { code: 'artifact.corrupt' })
    files.set('witness.json', new TextEncoder().encode('{"inputs":3}'))
    await assert.rejects(async () => kind?.load(files, {}), { code: 'artifact.corrupt' })
  })
})
