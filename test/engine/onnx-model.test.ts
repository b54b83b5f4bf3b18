import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ops } from '../../src/engine/graph/index.ts'
import { FREE, type Node, readModel, writeModel } from '../../src/engine/index.ts'
import { tensor } from '../../src/tensor/index.ts'
import { evaluate } from './graph-evaluate.ts'

const weights = tensor([3, 2], Float32Array.of(1, -2, 0.5, 4, 1e-20, -7))

function scorer(): { readonly images: Node; readonly score: Node } {
  const images = ops.input('images', [FREE, 3])
  return {
    images,
    score: ops.reduceMean(ops.softplus(ops.matMul(images, ops.constant(weights))), [1]),
  }
}

/** Names of the operator sets a model declares besides the standard one. */
const contribSets = (model: Uint8Array): string[] =>
  ['com.microsoft.nchwc', 'com.microsoft'].filter((domain) => Buffer.from(model).includes(domain))

describe('ONNX models', () => {
  it('are read back as they were written: inputs, outputs, weights and metadata', () => {
    const { images, score } = scorer()
    const model = writeModel({
      name: 'scorer',
      inputs: [images],
      outputs: { score },
      metadata: { 'made-by': 'a test', unicode: 'größer ≥ 1' },
    })
    const read = readModel(model)
    assert.deepEqual(read.inputs, [{ name: 'images', shape: [-1, 3] }])
    assert.deepEqual(read.outputs, [{ name: 'score', shape: [-1] }])
    assert.deepEqual(read.metadata, { 'made-by': 'a test', unicode: 'größer ≥ 1' })
    assert.ok(
      [...read.weights.values()].some(
        ({ shape, data }) => shape.join() === '3,2' && data.join() === weights.data.join(),
      ),
    )
  })

  it('run on any number of rows where the first axis is free', async () => {
    const { score } = scorer()
    for (const rows of [1, 5]) {
      const { score: got } = await evaluate(
        { score },
        { images: tensor([rows, 3], new Float32Array(3 * rows)) },
      )
      assert.deepEqual(got.shape, [rows])
      for (const value of got.data) assert.ok(Math.abs(value - Math.LN2) < 1e-6)
    }
  })

  it('are plain ONNX unless a node needs more', () => {
    const { images, score } = scorer()
    assert.deepEqual(contribSets(writeModel({ name: 'plain', outputs: { score } })), [])
    const product = ops.matMul(images, ops.constant(weights), {
      transposeA: false,
      transposeB: false,
    })
    assert.deepEqual(contribSets(writeModel({ name: 'plain', outputs: { product } })), [])
    const transposed = ops.matMul(ops.input('a', [2, 3]), ops.input('b', [2, 3]), {
      transposeB: true,
    })
    assert.deepEqual(contribSets(writeModel({ name: 'contrib', outputs: { transposed } })), [
      'com.microsoft',
    ])
  })

  it('keep inputs no output needs, in the order asked for', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => ops.input(name, [2]))
    const model = writeModel({
      name: 'inputs',
      inputs: [c, a, b],
      outputs: { double: ops.add(b, b) },
    })
    assert.deepEqual(
      readModel(model).inputs.map(({ name }) => name),
      ['c', 'a', 'b'],
    )
  })

  it('may name one value twice, an input again, and a constant', async () => {
    const x = ops.input('x', [2])
    const negative = ops.neg(x)
    const outputs = { negative, again: negative, same: x, fixed: ops.vector([3, 4]) }
    const got = await evaluate(outputs, { x: tensor([2], Float32Array.of(1, 2)) })
    assert.deepEqual(
      Object.fromEntries(Object.entries(got).map(([name, { data }]) => [name, [...data]])),
      { negative: [-1, -2], again: [-1, -2], same: [1, 2], fixed: [3, 4] },
    )
  })

  it('refuse two inputs of one name, and an output named like an input it is not', () => {
    const [x, other] = [ops.input('x', [2]), ops.input('x', [2])]
    const message = /one value named x, got two/
    assert.throws(() => writeModel({ name: 'twins', outputs: { sum: ops.add(x, other) } }), {
      name: 'TypeError',
      message,
    })
    assert.throws(() => writeModel({ name: 'twins', outputs: { x: ops.neg(x) } }), {
      name: 'TypeError',
      message,
    })
  })

  it('are refused when the bytes are something else', () => {
    for (const bytes of [
      new Uint8Array(0),
      new TextEncoder().encode('not a model'),
      Uint8Array.of(255, 255, 255),
    ]) {
      assert.throws(() => readModel(bytes), {
        code: 'artifact.corrupt',
        message: new RegExp(`got ${bytes.length} bytes`),
      })
    }
  })

  it('are refused when cut short', () => {
    const model = writeModel({ name: 'whole', outputs: { score: scorer().score } })
    assert.throws(() => readModel(model.subarray(0, model.length - 9)), {
      code: 'artifact.corrupt',
    })
  })

  it('compute softplus to 1e-7 of its true value at any size of input', async () => {
    const values = Array.from({ length: 2001 }, (_, i) => Math.fround((i - 1000) / 10))
    const x = ops.input('x', [values.length])
    const { softplus } = await evaluate(
      { softplus: ops.softplus(x) },
      { x: tensor([values.length], Float32Array.from(values)) },
    )
    values.forEach((value, i) => {
      const expected = Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)))
      assert.ok(
        Math.abs(softplus.data[i] - expected) <= 1.5e-7 * Math.max(1, expected),
        `at ${value}`,
      )
    })
  })
})
