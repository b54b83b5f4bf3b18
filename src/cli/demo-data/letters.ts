import { createRandom, type Random, zeros } from '../../tensor/index.ts'
import type { LabelledPixels } from './digits.ts'
import { readFaces } from './faces.ts'
import { fitOutline } from './outline.ts'
import { rasterise } from './rasterise.ts'

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'] as const
const SIZE = 28
const SLANTED_SHARE = 0.4
const LARGEST_SLANT = 0.35

export type LetterOptions = {
  readonly count: number
  readonly seed: number
}

/**
 * Letters A to J as the notMNIST data were made: a glyph of a random face, stretched on both axes to
 * fill its 28×28 image, white on black. Some are slanted besides, for faces without an italic.
 */
export async function renderLetters({ count, seed }: LetterOptions): Promise<LabelledPixels> {
  const faces = await readFaces(LETTERS)
  const random = createRandom(seed)
  const pixels = zeros([count, 1, SIZE, SIZE])
  const labels: string[] = []
  for (let row = 0; row < count; row++) {
    const letter = random.integer(LETTERS.length)
    const outline = faces[random.integer(faces.length)][letter]
    const image = pixels.data.subarray(row * SIZE * SIZE, (row + 1) * SIZE * SIZE)
    rasterise(fitOutline(outline, SIZE, drawSlant(random)), SIZE, image)
    labels.push(LETTERS[letter])
  }
  return { pixels, labels }
}

function drawSlant(random: Random): number {
  return random.uniform() < SLANTED_SHARE ? random.uniform() * LARGEST_SLANT : 0
}
