import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  adam,
  constantSchedule,
  graphAugmentation,
  ops,
  train,
  type TrainingTask,
} from '../../src/engine/index.ts'
import { partRows, unboundLoss } from '../../src/engine/training/batch-loss.ts'
import {
  bankedNoise,
  drawNoiseStarts,
  noiseBankSize,
} from '../../src/engine/training/noise-bank.ts'
import {
  bottleneckArchitecture,
  reconstructionTask,
  recipeArchitecture,
} from '../../src/representations/index.ts'
import { createRandom, tensor } from '../../src/tensor/index.ts'

const USUAL = 1 << 22

/** The largest read of noise in a training of images of this shape. */
function largestRead(task: TrainingTask, batchSize: number): number {
  const { noiseSizes } = unboundLoss(task, Math.max(...partRows(task, batchSize)))
  return Math.max(...noiseSizes)
}

describe('the bank of noise', () => {
  it('has room for every size the settings allow, at any batch size', () => {
    // Both sides of each bound there was: 104 for batches of 128, 147 for 64, 209 for 32.
    for (const side of [4, 5, 28, 64, 104, 105, 147, 148, 209, 210, 223, 224]) {
      for (const channels of [1, 3]) {
        const shapes = [
          { channels, height: side, width: side },
          { channels, height: 7, width: side },
        ]
        for (const shape of shapes) {
          const noise = graphAugmentation({ noise: 0.1, rotation: 10, brightness: 0.1 }, shape)
          const architectures = [bottleneckArchitecture(shape)]
          if (shape.height % 4 === 0 && side % 4 === 0)
            architectures.push(recipeArchitecture(shape))
          for (const architecture of architectures) {
            const task = reconstructionTask(architecture, shape, noise)
            for (const batchSize of [8, 64, 128]) {
              const largest = largestRead(task, batchSize)
              assert.ok(largest >= channels * shape.height * side, 'each image gets noise')
              assert.ok(noiseBankSize(largest) >= largest)
            }
          }
        }
      }
    }
  })

  it('is the usual one up to its size, and leaves room to read from somewhere else beyond', () => {
    assert.equal(noiseBankSize(0), USUAL)
    assert.equal(noiseBankSize(USUAL), USUAL)
    assert.equal(noiseBankSize(USUAL + 1), 2 * (USUAL + 1))
    const size = 3 * USUAL
    const starts = drawNoiseStarts([size, size], createRandom(1), noiseBankSize(size))
    assert.notEqual(starts[0], starts[1])
    assert.ok(starts.every((start) => start >= 0n && Number(start) + size <= noiseBankSize(size)))
    assert.throws(() => bankedNoise(10).noise.normal([11]), /at most 10 noise values, got 11/)
  })

  it('trains where only the larger of its parts read more than the usual bank', async () => {
    // Seventeen rows are cut in parts of five and six.
    const length = Math.floor(USUAL / 5.5)
    const task: TrainingTask = {
      parameters: [{ name: 'shift', shape: [1], initial: { kind: 'fixed', value: 0 } }],
      inputs: { rows: [length] },
      loss: ({ rows }, [shift], { noise }) => {
        const seen = noise === undefined ? rows : ops.add(rows, noise.normal(rows.shape))
        const gap = ops.sub(seen, shift)
        return ops.reduceMean(ops.mul(gap, gap))
      },
    }
    assert.deepEqual(partRows(task, 17), [5, 6, 6])
    const rows = { rows: tensor([17, length], new Float32Array(17 * length).fill(0.5)) }
    const { history } = await train(task, {
      training: rows,
      validation: rows,
      epochs: 1,
      batchSize: 17,
      optimizer: adam(),
      schedule: constantSchedule(0.1),
      seed: 1,
      threads: 1,
    })
    // 0.5² of the distance and 1 of the noise.
    assert.ok(Math.abs(history[0].trainingLoss - 1.25) < 0.01, String(history[0].trainingLoss))
  })
})
