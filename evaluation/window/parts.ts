import type { Tensor } from '../../src/tensor/index.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { unpackImages, unpackLabels } from '../data/packed-images.ts'
import { FAILING_LOUDLY_SPLIT, splitRows } from '../data/splits.ts'

/** Images with the index of their class. */
export type LabelledImages = { readonly pixels: Tensor; readonly labels: Uint8Array }

/** The published split: the models learn from `training`, `validation` is the clean reference. */
export type Parts = Readonly<Record<keyof typeof FAILING_LOUDLY_SPLIT, LabelledImages>>

/** MNIST pooled and reshuffled by `seed`; `side` averages the images down to side × side first. */
export async function loadParts(side: number | undefined, seed: number): Promise<Parts> {
  const pool = await loadPooledMnist()
  const rows = splitRows(pool.count, FAILING_LOUDLY_SPLIT, seed)
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
