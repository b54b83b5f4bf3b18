import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  convolutionLayer,
  denseLayer,
  dropoutLayer,
  gaussianNoiseLayer,
  groupNormalisationLayer,
  type Initialiser,
  initialParameters,
  type Layer,
  type NoiseSource,
  ops,
  parameterCount,
  sequential,
  splitParameters,
  unpackParameters,
} from '../../src/engine/index.ts'
import {
  bankedNoise,
  drawNoiseBank,
  drawNoiseStarts,
} from '../../src/engine/training/noise-bank.ts'
import { createRandom, tensor } from '../../src/tensor/index.ts'
import { evaluate } from './graph-evaluate.ts'

const count = 40_000

function moments(values: Iterable<number>): {
  readonly mean: number
  readonly deviation: number
  readonly largest: number
} {
  const all = [...values]
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length
  const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length
  const largest = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return { mean, deviation: Math.sqrt(variance), largest }
}

const near = (value: number, expected: number, within: number): void =>
  assert.ok(Math.abs(value - expected) <= within, `${value}, not ${expected} within ${within}`)

const drawn = (initial: Initialiser) =>
  moments(initialParameters([{ name: 'values', shape: [200, 200], initial }], 3))

describe('initial parameters', () => {
  it('are normal with variance 2 / fan-in (He et al. 2015)', () => {
    const { mean, deviation, largest } = drawn({ kind: 'he-normal', fanIn: 50 })
    near(mean, 0, 0.005)
    near(deviation, 0.2, 0.004)
    assert.ok(largest > 0.7, 'uniform draws would end at 0.35')
  })

  it('are uniform up to √(6 / (fan-in + fan-out)) (Glorot & Bengio 2010)', () => {
    const { mean, deviation, largest } = drawn({ kind: 'glorot-uniform', fanIn: 50, fanOut: 100 })
    near(mean, 0, 0.005)
    near(deviation, 0.2 / Math.sqrt(3), 0.002)
    assert.ok(largest <= 0.2 && largest > 0.199)
  })

  it('count the kernel’s area in the fans, and begin with biases of 0 and scales of 1', () => {
    const initials = (layer: Layer) => layer.parameters.map(({ initial }) => initial)
    const fixed = (value: number) => ({ kind: 'fixed', value })
    const sides = { inChannels: 4, outChannels: 6, kernel: 5 }
    assert.deepEqual(initials(convolutionLayer(sides)), [
      { kind: 'he-normal', fanIn: 100 },
      fixed(0),
    ])
    assert.deepEqual(initials(convolutionLayer({ ...sides, initial: 'glorot-uniform' })), [
      { kind: 'glorot-uniform', fanIn: 100, fanOut: 150 },
      fixed(0),
    ])
    assert.deepEqual(initials(denseLayer(7, 3)), [{ kind: 'he-normal', fanIn: 7 }, fixed(0)])
    assert.deepEqual(initials(groupNormalisationLayer(4, 2)), [fixed(1), fixed(0)])
  })

  it('stand one after the other, each in its own shape, the same for the same seed', async () => {
    const layer = sequential([
      denseLayer(3, 2),
      convolutionLayer({ inChannels: 1, outChannels: 2 }),
    ])
    assert.deepEqual(
      layer.parameters.map(({ name }) => name),
      ['0.weights', '0.bias', '1.weights', '1.bias'],
    )
    const total = 6 + 2 + 18 + 2
    assert.equal(parameterCount(layer.parameters), total)
    assert.deepEqual(initialParameters(layer.parameters, 1), initialParameters(layer.parameters, 1))
    assert.notDeepEqual(
      initialParameters(layer.parameters, 1),
      initialParameters(layer.parameters, 2),
    )
    const flat = Float32Array.from({ length: total }, (_, i) => i)
    const parts = splitParameters(flat, layer.parameters)
    assert.deepEqual(
      parts.map(({ data }) => [data[0], data.at(-1)]),
      [
        [0, 5],
        [6, 7],
        [8, 25],
        [26, 27],
      ],
    )
    const nodes = unpackParameters(ops.input('flat', [total]), layer.parameters)
    const outputs = Object.fromEntries(nodes.map((node, i) => [`${i}`, node]))
    const unpacked = await evaluate(outputs, { flat: tensor([total], flat) })
    assert.deepEqual(
      parts.map((_, i) => unpacked[i]),
      parts.map(({ shape, data }) => ({ shape, data: data.slice() })),
    )
    assert.throws(() => splitParameters(flat.subarray(1), layer.parameters), /expected 28.*got 27/)
  })
})

/** Standard normal numbers for one layer. */
const fixedNoise = (): NoiseSource => {
  const random = createRandom(8)
  return {
    normal: (shape) =>
      ops.constant(
        tensor(
          shape,
          Float32Array.from({ length: count }, () => random.normal()),
        ),
      ),
  }
}

async function applied(layer: Layer, noise?: NoiseSource): Promise<Float32Array> {
  const x = ops.input('x', [count])
  const result = layer.apply(x, [], noise === undefined ? {} : { noise })
  const ones = tensor([count], new Float32Array(count).fill(3))
  return (await evaluate({ result }, { x: ones }))['result'].data
}

describe('random layers', () => {
  it('add noise of the deviation asked for while training, and nothing while scoring', async () => {
    const { mean, deviation } = moments(await applied(gaussianNoiseLayer(0.5), fixedNoise()))
    near(mean, 3, 0.0125)
    near(deviation, 0.5, 0.009)
    assert.deepEqual(await applied(gaussianNoiseLayer(0.5)), new Float32Array(count).fill(3))
  })

  for (const rate of [0.2, 0.7]) {
    it(`drop a share of ${rate} while training, scale the rest up, and nothing while scoring`, async () => {
      const values = await applied(dropoutLayer(rate), fixedNoise())
      const kept = values.filter((value) => value !== 0)
      near(1 - kept.length / count, rate, 5 * Math.sqrt((rate * (1 - rate)) / count) + 1.5e-4)
      const scaled = Math.fround(3 / (1 - rate))
      assert.ok(kept.every((value) => Math.abs(value - scaled) < 1e-5))
      assert.deepEqual(await applied(dropoutLayer(rate)), new Float32Array(count).fill(3))
    })
  }

  it('drop nothing at a rate of 0, and refuse a rate outside [0, 1)', async () => {
    const never: NoiseSource = { normal: () => assert.fail('no draws are needed') }
    assert.deepEqual(await applied(dropoutLayer(0), never), new Float32Array(count).fill(3))
    for (const rate of [-0.1, 1]) assert.throws(() => dropoutLayer(rate), /expected a rate in/)
  })
})

describe('the noise bank', () => {
  it('is standard normal, and each input reads a piece of its own from where it is told', async () => {
    const bank = drawNoiseBank(createRandom(4))
    assert.equal(bank.data.length, 4_194_304)
    const { mean, deviation } = moments(bank.data.subarray(0, count))
    near(mean, 0, 0.025)
    near(deviation, 1, 0.018)
    const { noise, sizes } = bankedNoise()
    const outputs = { a: noise.normal([2, 3]), b: noise.normal([4]), c: noise.normal([2, 3]) }
    assert.deepEqual(sizes, [6, 4, 6])
    const starts = [100n, 7n, BigInt(bank.data.length - 6)]
    const got = await evaluate(outputs, {
      'noise-bank': bank,
      'noise-starts': BigInt64Array.from(starts),
    })
    const piece = (start: number, size: number) => bank.data.slice(start, start + size)
    assert.deepEqual(got['a'], { shape: [2, 3], data: piece(100, 6) })
    assert.deepEqual(got['b'], { shape: [4], data: piece(7, 4) })
    assert.deepEqual(got['c'], { shape: [2, 3], data: piece(bank.data.length - 6, 6) })
  })

  it('is read from anywhere that leaves room for the whole piece', () => {
    const whole = 4_194_304
    assert.deepEqual([...drawNoiseStarts([whole, whole - 1], createRandom(1))][0], 0n)
    const highest = { ...createRandom(1), integer: (bound: number) => bound - 1 }
    assert.deepEqual([...drawNoiseStarts([whole, 10], highest)], [0n, BigInt(whole - 10)])
    const starts = drawNoiseStarts(
      Array.from({ length: 1000 }, () => 10),
      createRandom(2),
    )
    near(moments([...starts].map(Number)).mean / whole, 0.5, 0.05)
  })
})
