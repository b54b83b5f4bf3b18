import type { Tensor } from '../../src/tensor/index.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { unpackImages, unpackLabels } from '../data/packed-images.ts'
import { FAILING_LOUDLY_SPLIT, splitRows } from '../data/splits.ts'

/** Images with the index of their class. */
export type LabelledImages = { readonly pixels: Tensor; readonly labels: Uint8Array }

/** The published proportions: the models learn from `training`, `validation` is the clean reference. */
export type Parts = Readonly<Record<'training' | 'validation' | 'test', LabelledImages>>

/** Which images, and how they are prepared. */
export type PartsOptions = {
  readonly seed: number
  /** Of the reference and of the test part each; five times as many are learned from. Published: 10,000. */
  readonly images: number
  /** Side that images are averaged down to first. */
  readonly side: number | undefined
}

/** MNIST pooled, reshuffled by `seed` and cut. */
export async function loadParts({ seed, images, side }: PartsOptions): Promise<Parts> {
  const pool = await loadPooledMnist()
  const { training, validation, test } = FAILING_LOUDLY_SPLIT
  const scale = images / test
  const sizes = { training: scale * training, validation: scale * validation, test: images }
  const rows = splitRows(pool.count, sizes, seed)
  const part = (name: keyof Parts): LabelledImages => {
    const pixels = unpackImages(pool, rows[name])
    return {
      pixels: side === undefined ? pixels : averageDown(pixels, side),
      labels: unpackLabels(pool, rows[name]),
    }
  }
  return { training: part('training'), validation: part('validation'), test: part('test') }
}

/** Mean over square tiles, to `side`×`side`. */
function averageDown({ shape: [count, , height], data }: Tensor, side: number): Tensor {
  const tile = height / side
  const out = new Float32Array(count * side * side)
  for (let i = 0; i < data.length; i++) {
    const image = Math.floor(i / (height * height))
    const [y, x] = [Math.floor((i / height) % height), i % height]
    out[(image * side + Math.floor(y / tile)) * side + Math.floor(x / tile)] +=
      data[i] / (tile * tile)
  }
  return { shape: [count, 1, side, side], data: out }
}
