import type { PlaceEvidence } from '../verdict/index.ts'

/** Where in the frame something changed, and what. */
export type PlaceChange = {
  /** Follows “the images …”. */
  readonly predicate: string
  /** Where. */
  readonly figures: string
  /** Where it usually comes from; follows “look at …”. */
  readonly cause: string
  /** At few places: what is left there is no change of the picture as a whole. */
  readonly isLocal: boolean
}

type Ways = { readonly up: string; readonly down: string; readonly cause: string }

const LENS = 'the lens and what is in front of it: dirt, a scratch, a drop'

/** What a map says where its mean rose, and where it fell. */
const WAYS: Readonly<Record<string, Ways>> = {
  specks: { up: 'have a bright mark', down: 'have a dark mark', cause: LENS },
  spots: { up: 'have a bright spot', down: 'have a dark spot', cause: LENS },
  detail: {
    up: 'have more detail',
    down: 'are less sharp',
    cause: 'the lens and what is in front of it: a smear, a drop',
  },
  light: { up: 'are brighter', down: 'are darker', cause: 'the lighting, and what stands in it' },
  'tint-red': { up: 'are redder', down: 'are less red', cause: 'the lighting, and the lens' },
  'tint-blue': { up: 'are bluer', down: 'are less blue', cause: 'the lighting, and the lens' },
}

const OTHERWISE: Ways = { up: 'have changed', down: 'have changed', cause: LENS }

/** Adjusted over everything tested, a map above this is not spoken of. */
const SURE = 0.05
/** Cells at least this far out, as a share of the farthest, belong to what is spoken of. */
const ABOUT = 0.5
/** Of a map's cells: more of them are no place but the picture as a whole. */
const MOST_LOCAL = 0.15

/** What is otherwise at a place of the frame, as the surest map has it; undefined where nothing is. */
export function placeChangeOf(
  places: readonly PlaceEvidence[] | undefined,
): PlaceChange | undefined {
  const surest = places?.find(({ adjustedPValue }) => adjustedPValue <= SURE)
  if (surest === undefined || surest.differences === null) return undefined
  const { differences, rows, columns, name } = surest
  const farthest = Math.max(...differences.map((one) => Math.abs(one)))
  const cells = [...differences.keys()].filter((i) => Math.abs(differences[i]) >= ABOUT * farthest)
  const peak = differences.findIndex((one) => Math.abs(one) === farthest)
  const { up, down, cause } = WAYS[name] ?? OTHERWISE
  const isLocal = cells.length <= Math.max(3, MOST_LOCAL * differences.length)
  return {
    predicate: `${differences[peak] > 0 ? up : down} at the same place of the frame`,
    figures: nameOfPlace(peak, { rows, columns }),
    cause,
    isLocal,
  }
}

/** `upper left`, `centre`, with the way from the edges. */
function nameOfPlace(
  cell: number,
  { rows, columns }: Pick<PlaceEvidence, 'rows' | 'columns'>,
): string {
  const x = ((cell % columns) + 0.5) / columns
  const y = (Math.floor(cell / columns) + 0.5) / rows
  const across = x < 1 / 3 ? 'left' : x > 2 / 3 ? 'right' : ''
  const down = y < 1 / 3 ? 'upper' : y > 2 / 3 ? 'lower' : ''
  const name = across === '' && down === '' ? 'centre' : middle(across, down)
  return `${name}, ${percent(x)} of the width from the left and ${percent(y)} of the height from the top`
}

function middle(across: string, down: string): string {
  if (across === '') return `${down} middle`
  return down === '' ? `middle ${across}` : `${down} ${across}`
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`
}
