import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ops } from '../../src/engine/graph/index.ts'
import { openSession, writeModel } from '../../src/engine/index.ts'
import { tensor } from '../../src/tensor/index.ts'

const x = ops.input('x', [2])
const model = writeModel({
  name: 'session',
  outputs: { double: ops.add(x, x), negative: ops.neg(x) },
})
const feeds = { x: tensor([2], Float32Array.of(3, -4)) }

describe('sessions', () => {
  it('name their inputs and outputs', async () => {
    const session = await openSession(model)
    assert.deepEqual(session.inputNames, ['x'])
    assert.deepEqual(session.outputNames, ['double', 'negative'])
    await session.close()
  })

  it('compute all outputs, or only those asked for', async () => {
    const session = await openSession(model, { threads: 1 })
    const all = await session.run(feeds)
    assert.deepEqual([...all['double'].data], [6, -8])
    assert.deepEqual([...all['negative'].data], [-3, 4])
    assert.deepEqual(Object.keys(await session.run(feeds, ['negative'])), ['negative'])
    await session.close()
  })

  it('give results of their own: a later run does not change them', async () => {
    const session = await openSession(model)
    const first = await session.run(feeds)
    await session.run({ x: tensor([2], Float32Array.of(100, 100)) })
    assert.deepEqual([...first['double'].data], [6, -8])
    await session.close()
  })

  it('take int64 vectors', async () => {
    const start = ops.input('start', [1], 'int64')
    const part = ops.sliceAt(ops.vector([1, 2, 3, 4]), start, 2)
    const session = await openSession(writeModel({ name: 'integers', outputs: { part } }))
    const { part: got } = await session.run({ start: BigInt64Array.of(1n) })
    assert.deepEqual([...got.data], [2, 3])
    await session.close()
  })

  it('give the same numbers on one thread and on two', async () => {
    const image = ops.input('image', [4, 3, 16, 16])
    const kernels = ops.constant(
      tensor(
        [32, 3, 3, 3],
        Float32Array.from({ length: 864 }, (_, i) => Math.sin(i)),
      ),
    )
    const convolved = writeModel({
      name: 'threads',
      outputs: { y: ops.convolution(image, kernels, { padding: 1 }) },
    })
    const data = Float32Array.from({ length: 4 * 768 }, (_, i) => Math.cos(i))
    const results = await Promise.all(
      [1, 2].map(async (threads) => {
        const session = await openSession(convolved, { threads })
        const { y } = await session.run({ image: tensor(image.shape, data) })
        await session.close()
        return y.data
      }),
    )
    assert.deepEqual(results[0], results[1])
  })

  it('refuse bytes that are no model', async () => {
    await assert.rejects(openSession(new TextEncoder().encode('not a model')), {
      name: 'DriftError',
      code: 'artifact.corrupt',
      message: /the model does not load/,
    })
  })

  it('say which device is not available, and what to do', async () => {
    await assert.rejects(openSession(model, { device: 'coreml' }), {
      code: 'runtime.unavailable',
      message: /device coreml is not available/,
      hint: /run on the CPU/,
    })
  })

  it('refuse to run without an input', async () => {
    const session = await openSession(model)
    await assert.rejects(session.run({}), /x/)
    await session.close()
  })
})
