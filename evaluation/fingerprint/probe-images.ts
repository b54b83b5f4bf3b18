import { createRandom, type Random, type Tensor, zeros } from '../../src/tensor/index.ts'

/** Side of the generated images: the smallest that every property is defined on. */
const SIDE = 16

/** Bright blobs on a dark noisy ground, 8-bit, N×channels×16×16; the same on every machine. */
export function probeImages(count: number, channels: number, seed: number): Tensor {
  const random = createRandom(seed)
  const images = zeros([count, channels, SIDE, SIDE])
  for (let image = 0; image < count; image++) {
    const [x, y, reach] = [4 + 8 * random.uniform(), 4 + 8 * random.uniform(), 2 + random.uniform()]
    for (let channel = 0; channel < channels; channel++) {
      const blob = { x, y, reach, height: 0.4 + 0.5 * random.uniform() }
      drawBlob(images, { plane: image * channels + channel, blob, random })
    }
  }
  return images
}

type Blob = { readonly x: number; readonly y: number; readonly reach: number; height: number }

function drawBlob(
  { data }: Tensor,
  { plane, blob, random }: { readonly plane: number; readonly blob: Blob; readonly random: Random },
): void {
  for (let i = 0; i < SIDE * SIDE; i++) {
    const distance = ((i % SIDE) - blob.x) ** 2 + (Math.floor(i / SIDE) - blob.y) ** 2
    const value = 0.1 + blob.height / (1 + distance / blob.reach ** 2) + 0.03 * random.normal()
    data[plane * SIDE * SIDE + i] = Math.round(255 * Math.min(1, Math.max(0, value))) / 255
  }
}

/** The images brighter by a share of white, rounded to 8 bits. */
export function brighter({ shape, data }: Tensor, shift: number): Tensor {
  return { shape, data: data.map((value) => Math.round(255 * Math.min(1, value + shift)) / 255) }
}

/** Probabilities of three classes for each image; `sure` is how much the likeliest one gets. */
export function probeProbabilities(count: number, shares: readonly number[], seed: number): Tensor {
  const random = createRandom(seed)
  const classes = shares.length
  const probabilities = zeros([count, classes])
  for (let image = 0; image < count; image++) {
    let left = random.uniform()
    const own = shares.findIndex((share) => (left -= share) < 0)
    const sure = 0.6 + 0.3 * random.uniform()
    for (let k = 0; k < classes; k++) {
      probabilities.data[image * classes + k] = k === own ? sure : (1 - sure) / (classes - 1)
    }
  }
  return probabilities
}
