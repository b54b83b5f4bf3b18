import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  binaryCrossEntropy,
  convolutionLayer,
  gaussianNoiseLayer,
  initialParameters,
  maxPoolLayer,
  ops,
  reluLayer,
  sequential,
  splitParameters,
  upsampledConvolutionLayer,
} from '../../src/engine/index.ts'
import { openBatchGradient } from '../../src/engine/training/batch-gradient.ts'
import { batchLoss, evenly, partRows } from '../../src/engine/training/batch-loss.ts'
import type { TrainingTask } from '../../src/engine/training/training-task.ts'
import { openWorkerSession } from '../../src/engine/worker-session.ts'
import { createRandom, tensor } from '../../src/tensor/index.ts'
import { startedThreads } from '../fixtures/started-threads.ts'
import { assertClose, drawTensor, evaluate } from './graph-evaluate.ts'

const network = sequential([
  gaussianNoiseLayer(0.1),
  convolutionLayer({ inChannels: 1, outChannels: 32 }),
  maxPoolLayer(2),
  reluLayer,
  upsampledConvolutionLayer({ inChannels: 32, outChannels: 1 }),
])

const task: TrainingTask = {
  parameters: network.parameters,
  inputs: { images: [1, 8, 8] },
  loss: ({ images }, parameters, context) =>
    ops.reduceMean(binaryCrossEntropy(network.apply(images, parameters, context), images)),
}

/** Without noise: no bank of it is drawn. */
const quiet: TrainingTask = {
  ...task,
  loss: (inputs, values) => task.loss(inputs, values, {}),
}

const parameters = initialParameters(task.parameters, 1)
const flat = tensor([parameters.length], parameters)

async function gradientOn(threads: number, rows: number) {
  const batch = { images: drawTensor(createRandom(4), [rows, 1, 8, 8], [0, 1]) }
  const opened = await openBatchGradient(task, {
    batchSize: rows,
    threads,
    random: createRandom(2),
  })
  try {
    const first = await opened.run(batch, flat, createRandom(3))
    const again = await opened.run(batch, flat, createRandom(3))
    return { first, again }
  } finally {
    await opened.close()
  }
}

describe('gradients of a batch', () => {
  for (const rows of [32, 37]) {
    it(`do not depend on the number of threads, noise included, for ${rows} rows`, async () => {
      const alone = await gradientOn(1, rows)
      for (const threads of [2, 3]) {
        const { first } = await gradientOn(threads, rows)
        assert.ok(Math.abs(first.loss - alone.first.loss) < 1e-6)
        assertClose(first.gradient, alone.first.gradient, 1e-6)
      }
    })
  }

  for (const [threads, rows, started] of [
    [1, 32, 0],
    [2, 32, 1],
    [3, 32, 2],
    [9, 32, 3],
    [4, 5, 0],
  ]) {
    it(`are computed on ${started + 1} threads of ${threads} for ${rows} rows`, async () => {
      const options = { batchSize: rows, threads, random: createRandom(2) }
      const { started: seen, result } = await startedThreads(() =>
        openBatchGradient(quiet, options),
      )
      assert.equal(seen, started)
      await result.close()
    })
  }

  it('are repeated exactly by the same draws', async () => {
    const { first, again } = await gradientOn(2, 32)
    assert.equal(first.loss, again.loss)
    assert.deepEqual(first.gradient.data, again.gradient.data)
  })

  it('are those of central differences of the loss', async () => {
    const opened = await openBatchGradient(quiet, {
      batchSize: 9,
      threads: 1,
      random: createRandom(2),
    })
    const batch = { images: drawTensor(createRandom(4), [9, 1, 8, 8], [0, 1]) }
    const at = async (values: Float32Array) =>
      opened.run(batch, tensor(flat.shape, values), createRandom(3))
    const { gradient } = await at(parameters)
    const step = 1e-2
    for (const k of [0, 100, 300, 400, parameters.length - 1]) {
      const moved = (by: number) => at(parameters.map((value, i) => (i === k ? value + by : value)))
      const slope = ((await moved(step)).loss - (await moved(-step)).loss) / (2 * step)
      assert.ok(
        Math.abs(slope - gradient.data[k]) < 2e-4 + 2e-2 * Math.abs(slope),
        `${k}: ${slope}, ${gradient.data[k]}`,
      )
    }
    await opened.close()
  })
})

describe('parts of a batch', () => {
  it('are equal where they can be, and at least four where that leaves eight rows each', () => {
    assert.deepEqual(partRows(task, 64), [16, 16, 16, 16])
    assert.deepEqual(partRows(task, 30), [6, 6, 6, 6, 6])
    assert.deepEqual(partRows(task, 37), [9, 9, 9, 10])
    assert.deepEqual(partRows(task, 5), [5])
    assert.deepEqual(evenly(10, 4), [2, 2, 3, 3])
  })

  it('are a count that divides the batch where one up to twice as large does', () => {
    assert.deepEqual(partRows(task, 33), [8, 8, 8, 9])
    assert.deepEqual(partRows(task, 35), [7, 7, 7, 7, 7])
    assert.deepEqual(partRows(task, 26), [6, 6, 7, 7])
    assert.deepEqual(partRows(task, 16), [8, 8])
    assert.deepEqual(partRows(task, 9), [3, 3, 3])
    assert.deepEqual(partRows(task, 8), [8])
    assert.deepEqual(partRows(task, 1), [1])
  })

  it('get smaller as the maps get larger', () => {
    const wide: TrainingTask = {
      parameters: [],
      inputs: { images: [16, 64, 64] },
      loss: ({ images }) => ops.reduceMean(ops.exp(images)),
    }
    // A row is 256 KiB, a part 2 MiB.
    assert.equal(partRows(wide, 64).length, 8)
    assert.equal(partRows(wide, 128).length, 16)
    const narrow: TrainingTask = { ...wide, inputs: { images: [16, 64, 32] } }
    assert.equal(partRows(narrow, 128).length, 8)
    const vast: TrainingTask = { ...wide, inputs: { images: [16, 256, 256] } }
    assert.equal(partRows(vast, 16).length, 2, 'no fewer than eight rows each')
    const vectors: TrainingTask = { ...wide, inputs: { images: [16 * 64 * 64] } }
    assert.equal(partRows(vectors, 64).length, 8)
    // A little more than eight parts of 2 MiB need nine; seventeen is the next that divides 68.
    assert.equal(partRows(vectors, 68).length, 17)
  })

  it('are not made smaller by what does not grow with the batch', () => {
    const table: TrainingTask = {
      parameters: [{ name: 'table', shape: [2, 1 << 20], initial: { kind: 'fixed', value: 0 } }],
      inputs: { images: [4] },
      loss: ({ images }, [values]) => ops.add(ops.reduceMean(images), ops.reduceMean(values)),
    }
    assert.equal(partRows(table, 64).length, 4)
  })

  it('leave the loss what it is', async () => {
    const values = splitParameters(parameters, task.parameters)
    const setting = { parameters: values.map((value) => ops.constant(value)), context: {} }
    const images = drawTensor(createRandom(4), [8, 1, 8, 8], [0, 1])
    const [{ loss: whole }, { loss: parts }] = [
      await evaluate({ loss: batchLoss(task, [8], setting) }, { images }),
      await evaluate({ loss: batchLoss(task, [3, 5], setting) }, { images }),
    ]
    assertClose(parts, whole, 1e-6)
  })
})

describe('sessions on another thread', () => {
  it('refuse a model that does not load', async () => {
    await assert.rejects(
      openWorkerSession(new Uint8Array([1, 2, 3]), {}),
      /the model does not load/,
    )
  })
})
