import { fitAutoencoder, measureRows } from '../../src/representations/index.ts'
import { createRandom, type Tensor } from '../../src/tensor/index.ts'
import { loadMnist } from '../data/mnist.ts'
import { loadNotMnist, missingNotMnist } from '../data/notmnist.ts'
import { type PackedImages, unpackImages } from '../data/packed-images.ts'
import { defineStudy } from '../harness/study.ts'
import { columnMean } from '../protocol/image-task.ts'

const PUBLISHED = { validationLoss: 0.1011, noisyEntropy: 0.1024, notMnistEntropy: 0.1458 }
const NOISE = 0.5

type Losses = {
  /** Binary cross-entropy of the clean image by the reconstruction of its noisy copy. */
  readonly validationLoss: number
  /** Mean binary entropy of the reconstructions: what the published figures are. */
  readonly noisyEntropy: number
  readonly notMnistEntropy: number
  /** Input against its own reconstruction. */
  readonly cleanInputLoss: number
  readonly noisyInputLoss: number
  readonly notMnistInputLoss: number
}

/** The published table: one denoising autoencoder, three batches. */
export const study = defineStudy({
  title: 'The published losses, reproduced',
  description:
    'The published table of losses, reproduced with the published architecture and training.',
  revision: 1,
  dependsOn: ['features'],
  options: {
    seeds: { kind: 'integers', default: [0, 1, 2], quick: [0], description: 'one training each' },
    epochs: {
      kind: 'integer',
      default: 10,
      quick: 1,
      description: 'passes over the 60,000 digits',
    },
  },
  // Each training uses all cores.
  maximumWorkers: 1,
  skipReason: missingNotMnist,
  cells: ({ seeds, epochs }) => seeds.map((seed) => ({ seed, epochs })),
  run: async ({ seed, epochs }, { threads }): Promise<Losses> => {
    const { training, test } = await loadMnist()
    const digits = all(test)
    const autoencoder = await fitAutoencoder({
      training: all(training),
      validation: digits,
      preset: 'recipe',
      seed,
      epochs,
      threads,
    })
    const random = createRandom(seed + 1)
    const noisy: Tensor = {
      shape: digits.shape,
      data: digits.data.map((value) => Math.min(1, Math.max(0, value + NOISE * random.normal()))),
    }
    const columns = autoencoder.columns.map(({ name }) => name)
    const letters = all(await loadNotMnist())
    const mean = async (pixels: Tensor, column: string) =>
      columnMean(
        await measureRows(autoencoder, { pixels }),
        columns.length,
        columns.indexOf(column),
      )
    return {
      validationLoss: crossEntropy(await autoencoder.reconstruct(noisy), digits),
      noisyEntropy: await mean(noisy, 'reconstruction-entropy'),
      notMnistEntropy: await mean(letters, 'reconstruction-entropy'),
      cleanInputLoss: await mean(digits, 'loss'),
      noisyInputLoss: await mean(noisy, 'loss'),
      notMnistInputLoss: await mean(letters, 'loss'),
    }
  },
  summarise: (outcomes) => {
    const runs = outcomes.map(({ cell: { seed }, result }) => ({ seed, ...result }))
    const mean = (key: keyof Losses) => runs.reduce((sum, run) => sum + run[key], 0) / runs.length
    const [validationLoss, noisyEntropy, notMnistEntropy] = [
      mean('validationLoss'),
      mean('noisyEntropy'),
      mean('notMnistEntropy'),
    ]
    return {
      validationLoss,
      noisyEntropy,
      notMnistEntropy,
      noisyIncrease: noisyEntropy / validationLoss - 1,
      notMnistIncrease: notMnistEntropy / validationLoss - 1,
      againstPublished: {
        validationLoss: validationLoss / PUBLISHED.validationLoss - 1,
        noisyEntropy: noisyEntropy / PUBLISHED.noisyEntropy - 1,
        notMnistEntropy: notMnistEntropy / PUBLISHED.notMnistEntropy - 1,
      },
      inputLoss: {
        clean: mean('cleanInputLoss'),
        noisy: mean('noisyInputLoss'),
        notMnist: mean('notMnistInputLoss'),
      },
      published: PUBLISHED,
      runs,
    }
  },
})

function all(images: PackedImages): Tensor {
  return unpackImages(
    images,
    Uint32Array.from({ length: images.count }, (_, row) => row),
  )
}

/** Mean over all values; probabilities are kept 1e-7 away from 0 and 1. */
function crossEntropy({ data: predictions }: Tensor, { data: targets }: Tensor): number {
  let sum = 0
  for (let i = 0; i < targets.length; i++) {
    const p = Math.min(1 - 1e-7, Math.max(1e-7, predictions[i]))
    sum -= targets[i] * Math.log(p) + (1 - targets[i]) * Math.log(1 - p)
  }
  return sum / targets.length
}
