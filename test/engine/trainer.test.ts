import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  adam,
  constantSchedule,
  denseLayer,
  type EpochRecord,
  binaryCrossEntropy,
  oneCycleSchedule,
  ops,
  sgd,
  train,
  type TrainingOptions,
  type TrainingProgress,
  type TrainingTask,
} from '../../src/engine/index.ts'
import { tensor } from '../../src/tensor/index.ts'
import { asTensor } from './golden-derivatives.ts'
import { goldenTraining } from './golden-training.ts'

const near = (value: number, expected: number, within = 1e-5): void =>
  assert.ok(Math.abs(value - expected) <= within, `${value}, not ${expected}`)

const column = (count: number, value = 0) => tensor([count, 1], new Float32Array(count).fill(value))

/**
 * One parameter that grows by 1 with each epoch, whatever the data, and a validation loss that is a function of it:
 * what happens after each epoch is known beforehand.
 */
const counting = (losses: readonly number[]): TrainingTask => ({
  parameters: [{ name: 'epoch', shape: [1], initial: { kind: 'fixed', value: 0 } }],
  inputs: { rows: [1] },
  loss: ({ rows }, [epoch], { noise }) => {
    const nothing = ops.mul(ops.reduceMean(rows), ops.constant(0))
    if (noise !== undefined) return ops.add(nothing, ops.neg(ops.reduceSum(epoch)))
    const terms = losses.map((loss, i) => {
      const isNow = ops.relu(ops.sub(ops.constant(1), ops.abs(ops.sub(epoch, ops.constant(i + 1)))))
      return ops.mul(ops.reduceSum(isNow), ops.constant(loss))
    })
    return terms.reduce((sum, term) => ops.add(sum, term), nothing)
  },
})

const quiet = {
  training: { rows: column(4) },
  validation: { rows: column(2) },
  batchSize: 4,
  optimizer: sgd({ momentum: 0 }),
  schedule: constantSchedule(1),
  seed: 1,
  threads: 1,
}

const trainCounting = (losses: readonly number[], options: Partial<TrainingOptions> = {}) =>
  train(counting(losses), { ...quiet, epochs: losses.length, ...options })

describe('training', () => {
  it('is PyTorch’s: the same losses after every epoch and the same parameters', async () => {
    const { x, y, heldX, heldY, history } = goldenTraining.training
    const layer = denseLayer(3, 1)
    const initial = [0.1, -0.2]
    const task: TrainingTask = {
      parameters: layer.parameters.map((spec, i) => ({
        name: spec.name,
        shape: spec.shape,
        initial: { kind: 'fixed', value: initial[i] },
      })),
      inputs: { x: [3], y: [1] },
      loss: (inputs, values, context) =>
        ops.reduceMean(binaryCrossEntropy(layer.apply(inputs['x'], values, context), inputs['y'])),
    }
    const seen: (readonly number[])[] = []
    const result = await train(task, {
      training: { x: asTensor(x), y: asTensor(y) },
      validation: { x: asTensor(heldX), y: asTensor(heldY) },
      epochs: history.length,
      batchSize: 24,
      optimizer: adam(),
      schedule: oneCycleSchedule({ peak: 0.3 }),
      seed: 5,
      threads: 2,
      onEpoch: ({ trainingLoss, validationLoss }, parameters) =>
        void seen.push([trainingLoss, validationLoss, ...parameters]),
    })
    assert.equal(seen.length, history.length)
    seen.forEach((row, i) => row.forEach((value, k) => near(value, history[i][k], 2e-4)))
    const lowest = history.toSorted((a, b) => a[1] - b[1])[0]
    assert.equal(result.bestEpoch, history.indexOf(lowest) + 1)
    assert.ok(result.bestEpoch > 1 && result.bestEpoch < history.length)
    result.parameters.forEach((value, k) => near(value, lowest[k + 2], 2e-4))
  })

  it('keeps the parameters of the epoch that validates best, not of the last one', async () => {
    const result = await trainCounting([5, 3, 1, 2, 4])
    assert.equal(result.bestEpoch, 3)
    assert.deepEqual([...result.parameters], [3])
    assert.deepEqual(
      result.history.map(({ epoch, validationLoss }) => [epoch, validationLoss]),
      [
        [1, 5],
        [2, 3],
        [3, 1],
        [4, 2],
        [5, 4],
      ],
    )
  })

  it('gives the initial parameters and no best epoch where there is no epoch', async () => {
    const { parameters, history, bestEpoch } = await trainCounting([])
    assert.deepEqual([[...parameters], history, bestEpoch], [[0], [], 0])
  })

  it('keeps the earlier of two epochs that validate equally', async () => {
    assert.equal((await trainCounting([5, 2, 3, 2, 2])).bestEpoch, 2)
  })

  for (const [patience, epochs] of [
    [1, 3],
    [2, 4],
    [3, 9],
  ]) {
    it(`stops after ${patience} epochs without a better one: after ${epochs}`, async () => {
      const losses = [6, 5, 5, 5, 4, 7, 7, 3, 9]
      const { history } = await trainCounting(losses, { patience })
      assert.equal(history.length, epochs)
    })
  }

  it('goes on to the end without patience', async () => {
    assert.equal((await trainCounting([1, 2, 3, 4, 5, 6])).history.length, 6)
  })

  it('asks the schedule for the rate of every step of all epochs, and counts the optimizer’s from 1', async () => {
    const asked: (readonly [number, number])[] = []
    await trainCounting([1, 2], {
      training: { rows: column(7) },
      batchSize: 3,
      schedule: (step, steps) => {
        asked.push([step, steps])
        return 1
      },
    })
    assert.deepEqual(asked, [
      [0, 4],
      [1, 4],
      [2, 4],
      [3, 4],
    ])
  })

  it('tells how far it is after every step', async () => {
    const told: TrainingProgress[] = []
    const { history } = await trainCounting([5, 4, 3], {
      training: { rows: column(7) },
      batchSize: 3,
      epochs: 3,
      onProgress: (progress) => told.push(progress),
    })
    assert.deepEqual(
      history.map(({ trainingLoss }) => trainingLoss),
      [-0.5, -2.5, -4.5],
    )
    const step = { epochs: 3, imagesTotal: 18 }
    assert.deepEqual(told, [
      { ...step, epoch: 1, imagesDone: 3, trainingLoss: 0 },
      { ...step, epoch: 1, imagesDone: 6, trainingLoss: -0.5 },
      { ...step, epoch: 2, imagesDone: 9, trainingLoss: -2, validationLoss: 4 },
      { ...step, epoch: 2, imagesDone: 12, trainingLoss: -2.5, validationLoss: 4 },
      { ...step, epoch: 3, imagesDone: 15, trainingLoss: -4, validationLoss: 0 },
      { ...step, epoch: 3, imagesDone: 18, trainingLoss: -4.5, validationLoss: 0 },
    ])
  })

  it('takes 128 rows at a time unless told otherwise', async () => {
    const sizes: number[] = []
    const { batchSize: _, ...usual } = quiet
    await train(counting([1]), {
      ...usual,
      training: { rows: column(300) },
      epochs: 1,
      onProgress: ({ imagesDone }) => void sizes.push(imagesDone),
    })
    assert.deepEqual(sizes, [128, 256])
  })

  it('stops between two steps when it is cancelled', async () => {
    const controller = new AbortController()
    const seen: number[] = []
    const cancelled = trainCounting([1, 2, 3], {
      signal: controller.signal,
      onProgress: ({ epoch }) => {
        seen.push(epoch)
        controller.abort()
      },
    })
    await assert.rejects(cancelled, { code: 'cancelled' })
    assert.deepEqual(seen, [1])
  })

  it('makes do with a single row to train on, and one to validate with', async () => {
    const single = { training: { rows: column(1) }, validation: { rows: column(1) } }
    const { history } = await trainCounting([3, 2], single)
    assert.deepEqual(
      history.map(({ validationLoss }) => validationLoss),
      [3, 2],
    )
  })

  it('refuses nothing to train on, and arrays of different lengths', async () => {
    await assert.rejects(trainCounting([1], { training: {} }), /expected at least one row/)
    await assert.rejects(
      trainCounting([1], { training: { rows: tensor([0, 1], new Float32Array(0)) } }),
      /expected at least one row/,
    )
    const uneven = { rows: column(4), others: column(3) }
    await assert.rejects(trainCounting([1], { training: uneven }), /equal row counts, got 4, 3/)
  })
})

/** The parameters count, negatively, how often each row was in a batch. */
const roll: TrainingTask = {
  parameters: [{ name: 'seen', shape: [10], initial: { kind: 'fixed', value: 0 } }],
  inputs: { rows: [10] },
  loss: ({ rows }, [seen]) => ops.reduceMean(ops.reduceSum(ops.mul(rows, seen), [1])),
}

const identity = tensor(
  [10, 10],
  Float32Array.from({ length: 100 }, (_, i) => (i % 11 === 0 ? 1 : 0)),
)

async function rollCalls(seed: number, epochs: number, batchSize?: number): Promise<number[][]> {
  const counts: number[][] = []
  await train(roll, {
    training: { rows: identity },
    validation: { rows: identity },
    epochs,
    ...(batchSize === undefined ? {} : { batchSize }),
    optimizer: sgd({ momentum: 0 }),
    schedule: constantSchedule(batchSize ?? 10),
    seed,
    threads: 1,
    onEpoch: (_, parameters) =>
      void counts.push([...parameters].map((value) => Math.round(0 - value))),
  })
  return counts
}

describe('the batches of an epoch', () => {
  it('are whole and hold no row twice; the rows left over are others in other epochs', async () => {
    const counts = await rollCalls(1, 12, 4)
    const epochs = counts.map((count, i) =>
      count.map((value, k) => Math.abs(value - (counts[i - 1]?.[k] ?? 0))),
    )
    for (const epoch of epochs) {
      assert.deepEqual(
        epoch.toSorted((a, b) => a - b),
        [0, 0, 1, 1, 1, 1, 1, 1, 1, 1],
      )
    }
    assert.ok(counts.at(-1)?.every((count) => count > 5 && count < 13))
    assert.ok(new Set(epochs.map((epoch) => epoch.join())).size > 6)
  })

  it('are drawn by the seed', async () => {
    assert.deepEqual(await rollCalls(3, 3, 4), await rollCalls(3, 3, 4))
    assert.notDeepEqual(await rollCalls(3, 3, 4), await rollCalls(4, 3, 4))
  })

  it('are as large as the set where it is smaller than a batch', async () => {
    const all = (count: number) => Array.from({ length: 10 }, () => count)
    assert.deepEqual(await rollCalls(1, 2), [all(1), all(2)])
  })
})

describe('validation', () => {
  it('is the mean over all rows, however many', async () => {
    const count = 1203
    const values = Float32Array.from({ length: count }, (_, i) => (i < 1000 ? 1 : 10))
    const records: EpochRecord[] = []
    await train(
      {
        ...counting([]),
        loss: ({ rows }, [epoch]) =>
          ops.add(ops.reduceMean(rows), ops.mul(ops.reduceSum(epoch), ops.constant(0))),
      },
      {
        ...quiet,
        validation: { rows: tensor([count, 1], values) },
        epochs: 1,
        onEpoch: (record) => void records.push(record),
      },
    )
    near(records[0].validationLoss, (1000 + 203 * 10) / count)
  })
})
