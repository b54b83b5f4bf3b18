import { measureRows } from '../../../src/representations/index.ts'
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  graphAugmentation,
  ops,
  stateless,
  type Node,
  type TrainingProgress,
} from '../../../src/engine/index.ts'
import {
  type Architecture,
  type Autoencoder,
  fitAutoencoder,
  type FitAutoencoderOptions,
  reconstructionTask,
} from '../../../src/representations/autoencoder/index.ts'
import { type Tensor, tensor } from '../../../src/tensor/index.ts'
import { evaluate } from '../../engine/graph-evaluate.ts'
import { blobImages } from '../../fixtures/blob-images.ts'

const training = blobImages({ count: 800, seed: 1, side: 8 })
const validation = blobImages({ count: 120, seed: 2, side: 8 })
const unseen = blobImages({ count: 200, seed: 3, side: 8 })

/** Mean of the column of this name. */
async function meanOf(autoencoder: Autoencoder, name: string, pixels: Tensor): Promise<number> {
  const values = await measureRows(autoencoder, { pixels })
  const { columns } = autoencoder
  const at = columns.findIndex((column) => column.name === name)
  const [rows] = pixels.shape
  return Array.from({ length: rows }, (_, i) => values[i * columns.length + at]).reduce(
    (sum, value) => sum + value / rows,
    0,
  )
}

/** Mean squared distance of images from the mean training image: what is reached without learning anything. */
function distanceFromMean(pixels: Tensor): number {
  const size = training.data.length / training.shape[0]
  const mean = new Float64Array(size)
  training.data.forEach((value, i) => (mean[i % size] += value / training.shape[0]))
  return (
    pixels.data.reduce((sum, value, i) => sum + (value - mean[i % size]) ** 2, 0) /
    pixels.data.length
  )
}

describe('a fitted autoencoder', () => {
  let fitted: Autoencoder
  before(async () => {
    fitted = await fitAutoencoder({ training, validation, seed: 4, epochs: 30 })
  })
  after(() => fitted.close())

  it('reconstructs images it has not seen', async () => {
    // The noise of these images is 0.0004; the mean image, known without learning, is 0.01 away.
    const squared = await meanOf(fitted, 'squared-error', unseen)
    assert.ok(squared < 0.002, `${squared}`)
    assert.ok(distanceFromMean(unseen) > 0.009)
    assert.ok((await meanOf(fitted, 'excess-loss', unseen)) < 0.006)
  })

  it('keeps the epoch that validates best, and is that epoch’s', async () => {
    const losses = fitted.history.map(({ validationLoss }) => validationLoss)
    const lowest = Math.min(...losses)
    assert.equal(losses.length, 30)
    assert.equal(fitted.bestEpoch, losses.indexOf(lowest) + 1)
    assert.ok(Math.abs((await meanOf(fitted, 'loss', validation)) - lowest) < 1e-5)
  })

  it('learns: the loss falls by far', () => {
    const { history } = fitted
    assert.ok(history.at(-1)!.trainingLoss < history[0].trainingLoss - 0.1)
  })

  it('is the same for the same seed, and another for another', async () => {
    const part = { training: blobImages({ count: 64, seed: 1, side: 8 }), validation, epochs: 1 }
    const fits = await Promise.all([
      ...[4, 4, 5].map((seed) => fitAutoencoder({ ...part, seed })),
      fitAutoencoder({ ...part, seed: 4, augmentation: { noise: undefined }, preset: undefined }),
    ])
    const [first, again, other, undefinedToo] = fits.map(({ model }) => Buffer.from(model))
    assert.ok(first.equals(again))
    assert.ok(first.equals(undefinedToo), 'an option that is undefined is as if left out')
    assert.ok(!first.equals(other))
    await Promise.all(fits.map((fit) => fit.close()))
  })
})

/** The first thing a fit tells of its plan. */
async function planned(options: Partial<FitAutoencoderOptions>, rows: number, side = 8) {
  const controller = new AbortController()
  const told: TrainingProgress[] = []
  const images = {
    training: blobImages({ count: rows, seed: 1, side }),
    validation: blobImages({ count: 5, seed: 2, side }),
  }
  const fit = fitAutoencoder({
    ...images,
    seed: 1,
    ...options,
    signal: controller.signal,
    onProgress: (progress) => {
      told.push(progress)
      controller.abort()
    },
  })
  await assert.rejects(fit, { code: 'cancelled' })
  const { epochs, imagesDone, imagesTotal } = told[0]
  return { epochs, batch: imagesDone, total: imagesTotal }
}

describe('the plan of a fit', () => {
  for (const [rows, epochs, batch] of [
    [100, 40, 8],
    [256, 40, 16],
    [511, 40, 16],
    [3000, 40, 128],
    [5000, 30, 128],
    [40_000, 5, 128],
  ]) {
    it(`is ${epochs} epochs in batches of ${batch} for ${rows} images`, async () => {
      const total = epochs * batch * Math.floor(rows / batch)
      assert.deepEqual(await planned({}, rows, rows > 10_000 ? 2 : 8), { epochs, batch, total })
    })
  }

  it('is ten epochs in batches of 128 for the published model, and as many as asked for', async () => {
    assert.deepEqual(await planned({ preset: 'recipe' }, 300), {
      epochs: 10,
      batch: 128,
      total: 2560,
    })
    assert.deepEqual(await planned({ epochs: 3 }, 100), { epochs: 3, batch: 8, total: 288 })
  })
})

/** Reconstructs what it sees: logits are images − 0.5. */
const mirror: Architecture = {
  name: 'mirror',
  codeSize: 1,
  code: (x) => x,
  encoder: stateless((x) => x),
  decoder: stateless((x) => ops.sub(x, ops.constant(0.5))),
}

describe('the loss of a reconstruction', () => {
  const size = { channels: 1, height: 1, width: 2 }
  const images = tensor([1, 1, 1, 2], Float32Array.of(0.2, 0.7))
  const cross = (seen: readonly number[], targets: readonly number[]) =>
    seen
      .map((value, i) => {
        const p = 1 / (1 + Math.exp(-(value - 0.5)))
        return -targets[i] * Math.log(p) - (1 - targets[i]) * Math.log(1 - p)
      })
      .reduce((sum, value) => sum + value / seen.length, 0)

  async function lossOf(
    settings: Parameters<typeof graphAugmentation>[0],
    noise?: readonly number[],
  ) {
    const task = reconstructionTask(mirror, size, graphAugmentation(settings, size))
    const light = tensor([1, 2], Float32Array.of(0, 0.1))
    const inputs = {
      images: ops.input('images', [1, 1, 1, 2]),
      ...(settings.brightness === undefined ? {} : { light: ops.input('light', [1, 2]) }),
    }
    const drawn = (shape: readonly number[]): Node =>
      ops.constant(tensor(shape, Float32Array.from(noise ?? [])))
    const loss = task.loss(inputs, [], noise === undefined ? {} : { noise: { normal: drawn } })
    return (await evaluate({ loss }, { images, light }))['loss'].data[0]
  }

  it('is that of the noisy image against the clean one while training', async () => {
    const loss = await lossOf({ noise: 0.1 }, [1, -2])
    assert.ok(Math.abs(loss - cross([0.3, 0.5], [0.2, 0.7])) < 1e-6)
  })

  it('is against the changed image where images are changed: the change is to be reconstructed', async () => {
    const loss = await lossOf({ noise: 0.1, brightness: 0.1 }, [1, -2])
    assert.ok(Math.abs(loss - cross([0.4, 0.6], [0.3, 0.8])) < 1e-6)
  })

  it('is of the image as it is when it validates', async () => {
    for (const settings of [{ noise: 0.1 }, { noise: 0.1, brightness: 0.1 }]) {
      assert.ok(Math.abs((await lossOf(settings)) - cross([0.2, 0.7], [0.2, 0.7])) < 1e-6)
    }
  })
})
