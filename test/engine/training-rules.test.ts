import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  adadelta,
  adam,
  clipped,
  constantSchedule,
  oneCycleSchedule,
  openTrainingStep,
  ops,
  type Optimizer,
  type Schedule,
  sgd,
  stepSchedule,
  type TrainingTask,
} from '../../src/engine/index.ts'
import { createRandom, tensor } from '../../src/tensor/index.ts'
import { goldenTraining } from './golden-training.ts'

/** A loss whose derivative by the parameters is the batch's only row. */
const linear = (size: number): TrainingTask => ({
  parameters: [{ name: 'values', shape: [size], initial: { kind: 'fixed', value: 0 } }],
  inputs: { slopes: [size] },
  loss: ({ slopes }, [values]) =>
    ops.reduceMean(ops.reduceSum(ops.mul(slopes, ops.reshape(values, [1, size])), [1])),
})

const optimizers: Readonly<Record<string, Optimizer>> = {
  sgd: sgd(),
  'sgd, momentum 0.5': sgd({ momentum: 0.5 }),
  adam: adam(),
  'adam, other settings': adam({ beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }),
  'adam, weight decay 0.1': adam({ weightDecay: 0.1 }),
  adadelta: adadelta(),
  'adadelta, other settings': adadelta({ rho: 0.8, epsilon: 1e-3 }),
  'sgd, clipped at 2': clipped(sgd(), 2),
}

describe('optimizers', () => {
  it('have a golden case each', () => {
    assert.deepEqual(Object.keys(optimizers), Object.keys(goldenTraining.optimizers))
  })

  for (const [name, optimizer] of Object.entries(optimizers)) {
    it(`move the parameters as PyTorch's, step by step: ${name}`, async () => {
      const { parameters, gradients, rates, after } = goldenTraining.optimizers[name]
      const size = parameters.length
      const step = await openTrainingStep(linear(size), {
        optimizer,
        parameters: Float32Array.from(parameters),
        batchSize: 1,
        threads: 1,
        random: createRandom(1),
      })
      for (const [i, gradient] of gradients.entries()) {
        const slopes = tensor([1, size], Float32Array.from(gradient))
        await step.run({ slopes }, { learningRate: rates[i], step: i + 1, random: createRandom(2) })
        step.state().parameters.forEach((value, k) => {
          // Relative to the way gone: a tiny step in a wrong direction is seen as well.
          const way = Math.abs(after[i][k] - parameters[k])
          const error = Math.abs(value - after[i][k])
          assert.ok(error <= 1e-4 * way + 3e-7, `step ${i + 1}: ${value}, not ${after[i][k]}`)
        })
      }
      await step.close()
    })
  }

  it('name themselves differently, since a checkpoint of one is not resumed by another', () => {
    const names = [sgd(), adam(), adadelta(), clipped(sgd(), 1)].map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
  })
})

const schedules: Readonly<Record<string, Schedule>> = {
  constant: constantSchedule(1),
  'one cycle, 40 steps': oneCycleSchedule({ peak: 0.003 }),
  'one cycle, 7 steps': oneCycleSchedule({ peak: 0.003 }),
  'one cycle, other settings': oneCycleSchedule({ peak: 2, warmUp: 0.3, start: 0.25, end: 0.2 }),
  steps: stepSchedule(1, [0.25, 0.75]),
  'steps, halved': stepSchedule(1, [0.6], 0.5),
}

describe('schedules', () => {
  it('have a golden case each', () => {
    assert.deepEqual(Object.keys(schedules), Object.keys(goldenTraining.schedules))
  })

  for (const [name, schedule] of Object.entries(schedules)) {
    it(`give PyTorch's rate at every step: ${name}`, () => {
      const expected = goldenTraining.schedules[name]
      expected.forEach((rate, step) => {
        const got = schedule(step, expected.length)
        assert.ok(Math.abs(got - rate) <= 1e-7 * rate, `step ${step}: ${got}, not ${rate}`)
      })
    })
  }

  it('stay where they end when there is but one step, or one too many', () => {
    const schedule = oneCycleSchedule({ peak: 2 })
    assert.equal(schedule(0, 1), 2)
    assert.ok(Math.abs(schedule(1, 2) - 2) < 1e-12)
    assert.ok(Math.abs(schedule(12, 10) - 0.02) < 1e-12)
  })

  it('end a cycle at its last rate, however few the steps', () => {
    const schedule = oneCycleSchedule({ peak: 2, end: 0.25 })
    for (let steps = 3; steps < 30; steps++) {
      assert.ok(Math.abs(schedule(steps - 1, steps) - 0.5) < 1e-12, `${steps}`)
      const rates = Array.from({ length: steps }, (_, step) => schedule(step, steps))
      assert.ok(Math.abs(Math.max(...rates) - 2) < 1e-12)
    }
  })
})
