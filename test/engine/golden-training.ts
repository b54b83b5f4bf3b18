import { readFileSync } from 'node:fs'
import type { GoldenCase, Stored } from './golden-derivatives.ts'

type Row = readonly number[]

/** Reference values made by test/golden/training.py with PyTorch, SciPy and NumPy. */
export const goldenTraining = JSON.parse(
  readFileSync(new URL('../golden/training.json', import.meta.url), 'utf8'),
) as {
  readonly optimizers: Readonly<
    Record<
      string,
      {
        readonly parameters: Row
        readonly gradients: readonly Row[]
        readonly rates: Row
        readonly after: readonly Row[]
      }
    >
  >
  readonly schedules: Readonly<Record<string, Row>>
  readonly layers: Readonly<Record<string, GoldenCase>>
  readonly augmentations: Readonly<Record<string, Row>> & { readonly pictures: Stored }
  readonly training: {
    readonly x: Stored
    readonly y: Stored
    readonly heldX: Stored
    readonly heldY: Stored
    /** Per epoch: training loss, validation loss, three weights, bias. */
    readonly history: readonly Row[]
  }
}
