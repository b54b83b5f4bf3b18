import type { Random } from '../../src/tensor/index.ts'
import type { AppearanceName } from './appearances.ts'

/** What is changed of a batch: the classes' shares, the images' look, both or nothing. */
export type ShiftCase = {
  readonly mix: 'as before' | 'one class' | 'half the classes' | 'tilted'
  readonly look: AppearanceName | 'clean'
}

/** What there is to be found. */
export type Truth = 'none' | 'prior' | 'appearance' | 'mixed'

/** Every case of the study. */
export const CASES: readonly ShiftCase[] = [
  { mix: 'as before', look: 'clean' },
  { mix: 'one class', look: 'clean' },
  { mix: 'half the classes', look: 'clean' },
  { mix: 'tilted', look: 'clean' },
  { mix: 'as before', look: 'brighter' },
  { mix: 'as before', look: 'darker' },
  { mix: 'as before', look: 'blurred' },
  { mix: 'as before', look: 'noisy' },
  { mix: 'as before', look: 'colourful' },
  { mix: 'tilted', look: 'brighter' },
  { mix: 'tilted', look: 'blurred' },
  { mix: 'tilted', look: 'noisy' },
]

/** What kind of shift a case is. */
export function truthOf({ mix, look }: ShiftCase): Truth {
  if (look === 'clean') return mix === 'as before' ? 'none' : 'prior'
  return mix === 'as before' ? 'appearance' : 'mixed'
}

/** Half of the classes become this many times more frequent than the others in a tilted mix. */
const TILT = 2.5
const CLASSES = 10

/** Rows of a batch of `size`, none twice, with the mix drawn anew; fewer where there are not as many. */
export function drawRows(
  labels: Uint8Array,
  mix: ShiftCase['mix'],
  { size, random }: { readonly size: number; readonly random: Random },
): Uint32Array {
  const favoured = new Set(random.sample(CLASSES, mix === 'one class' ? 1 : CLASSES / 2))
  const chance = (label: number): number => {
    if (mix === 'as before' || favoured.has(label)) return 1
    return mix === 'tilted' ? 1 / TILT : 0
  }
  const kept: number[] = []
  labels.forEach((label, row) => {
    if (random.uniform() < chance(label)) kept.push(row)
  })
  return random.sample(kept.length, Math.min(size, kept.length)).map((i) => kept[i])
}
