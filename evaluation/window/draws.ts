import { createRandom, type Random } from '../../src/tensor/index.ts'
import type { Shift } from './grids.ts'
import { seedOf } from './seed-of.ts'
import type { Material } from './subject.ts'
import { rowCount, type View, viewRows } from './view.ts'

/** How large the reference is: as large as the window, or all 10,000 held-out images. */
export type Protocol = 'same-size' | 'fixed-reference'

export const PROTOCOLS: readonly Protocol[] = ['same-size', 'fixed-reference']

/** Two samples to compare. */
export type Draw = {
  readonly reference: View
  readonly window: View
  /** For the method's own random numbers; the same for every method. */
  readonly random: Random
}

export type DrawOptions = {
  readonly shift: Shift
  readonly delta: number
  readonly protocol: Protocol
  readonly size: number
  /** Which draw of this cell and size. */
  readonly index: number
  readonly seed: number
}

/** A window without any shift, for false-alarm rates. */
export const CLEAN: Shift = { name: 'clean', change: 'none' }

/**
 * One draw of a cell, the same for every method. As published, the images that are affected and those that are left out
 * are chosen once per shuffle, then the window is drawn.
 */
export function drawWindow(material: Material, labels: Uint8Array, options: DrawOptions): Draw {
  const { shift, delta, protocol, size, index, seed } = options
  const choice = createRandom(seedOf('affected', seed, shift.name, delta))
  const kept = keepRows(labels, options, choice)
  const affected = affectedRows(labels.length, options, choice)
  const random = createRandom(seedOf('draw', seed, shift.name, delta, size, index))
  const rows = sampleOf(kept, Math.min(size, kept.length), random)
  const { reference, test, changed } = material
  const own = random.sample(rowCount(reference), rows.length)
  return {
    reference: protocol === 'fixed-reference' ? reference : viewRows(reference, own),
    window: mixRows(test, changed, { rows, affected }),
    random: random.fork(),
  }
}

type Row = Pick<DrawOptions, 'shift' | 'delta'>

function keepRows(
  labels: Uint8Array,
  { shift: { classes, knockOut }, delta }: Row,
  random: Random,
): Uint32Array {
  const rows = Uint32Array.from(labels, (_, row) => row)
  if (classes !== undefined) return rows.filter((row) => classes.includes(labels[row]))
  if (knockOut === undefined) return rows
  const zeros = rows.filter((row) => labels[row] === 0)
  const gone = new Set(sampleOf(zeros, Math.round(knockOut(delta) * zeros.length), random))
  return rows.filter((row) => !gone.has(row))
}

function affectedRows(total: number, { shift, delta }: Row, random: Random): ReadonlySet<number> {
  const share = shift.affected?.(delta) ?? delta
  // Less a hair, so that 0.1 · 10,000 isn't rounded up to 1001.
  return new Set(random.sample(total, Math.ceil(share * total - 1e-9)))
}

function mixRows(
  clean: View,
  changed: View | undefined,
  { rows, affected }: { readonly rows: Uint32Array; readonly affected: ReadonlySet<number> },
): View {
  const mixed = viewRows(clean, rows)
  if (changed === undefined) return mixed
  const { width, values } = mixed
  rows.forEach((row, i) => {
    if (!affected.has(row)) return
    values.set(changed.values.subarray(row * width, (row + 1) * width), i * width)
  })
  return mixed
}

function sampleOf(rows: Uint32Array, size: number, random: Random): Uint32Array {
  return random.sample(rows.length, size).map((i) => rows[i])
}
