import { createRandom } from '../../src/tensor/index.ts'
import { joinMapViews, mapViewRows, type View, viewRows } from '../window/view.ts'
import type { Change } from './change.ts'
import type { Measured } from './fitted-subject.ts'

export type BatchDraw = {
  readonly size: number
  /** Of the batch's images that are changed, to the nearest whole image; at least one. */
  readonly share: number
  readonly seed: number
}

/** Images of a batch and those among them that are changed. */
type Drawn = { readonly rows: Uint32Array; readonly changed: number }

type Sets = {
  readonly clean: Measured
  /** As many rows as can be drawn. */
  readonly changed: Measured
  readonly labels: Uint8Array
}

/** Draws a batch without replacement; its first images are changed ones. */
export function drawBatch(change: Change, sets: Sets, draw: BatchDraw): Measured {
  const drawn = drawRows(change, sets, draw)
  const mix = (clean: View, changed: View): View => mixRows(clean, changed, drawn)
  return {
    features: mix(sets.clean.features, sets.changed.features),
    places: joinMapViews(
      mapViewRows(sets.changed.places, drawn.rows.subarray(0, drawn.changed)),
      mapViewRows(sets.clean.places, drawn.rows.subarray(drawn.changed)),
    ),
    plain: mix(sets.clean.plain, sets.changed.plain),
  }
}

function drawRows(
  { apply, missing }: Change,
  { changed, labels }: Sets,
  { size, share, seed }: BatchDraw,
): Drawn {
  const random = createRandom(seed)
  const total = changed.features.values.length / changed.features.width
  if (missing === undefined) {
    const count = apply === undefined ? size : Math.max(1, Math.round(share * size))
    return { rows: random.sample(total, size), changed: count }
  }
  const kept = Uint32Array.from({ length: total }, (_, row) => row).filter(
    (row) => labels[row] !== missing || random.uniform() >= share,
  )
  return { rows: random.sample(kept.length, size).map((i) => kept[i]), changed: size }
}

function mixRows(clean: View, changed: View, drawn: Drawn): View {
  const first = viewRows(changed, drawn.rows.subarray(0, drawn.changed))
  const rest = viewRows(clean, drawn.rows.subarray(drawn.changed))
  const values = new Float32Array(first.values.length + rest.values.length)
  values.set(first.values)
  values.set(rest.values, first.values.length)
  return { width: clean.width, values }
}
