import type { ImageRecord } from '../measuring/values/index.ts'

/** Labels of the held-out images as small numbers, and what each is called. */
export type ReferenceLabels = {
  /** Of each row; `NO_LABEL` where it has none. */
  readonly codes: Uint16Array
  /** In order of the codes. */
  readonly names: readonly string[]
}

/** Code of a row without a label. */
export const NO_LABEL = 0xffff

/** More different labels than this are no classes but names of images. */
const MOST_LABELS = 1000

/** The labels that images came with; undefined where they have none, all the same, or too many to be classes. */
export function labelsOf(records: readonly ImageRecord[]): ReferenceLabels | undefined {
  const names = [...new Set(records.flatMap(({ label }) => label ?? []))].toSorted(byNumberOrName)
  if (names.length < 2 || names.length > MOST_LABELS) return undefined
  const codeOf = new Map(names.map((name, code) => [name, code]))
  const codes = Uint16Array.from(records, ({ label }) =>
    label === undefined ? NO_LABEL : (codeOf.get(label) as number),
  )
  return { codes, names }
}

/** Numbers by size, names by letter. */
function byNumberOrName(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : 1)
}

/**
 * Names of the predicted classes 0..classes−1 after the labels they mostly go with: each the commonest label of the
 * images predicted so, and the class the commonest prediction for that label, both clearly ahead of the next. Undefined
 * where that is not so of every class: half the names would mislead.
 */
export function namesFromLabels(
  predicted: ArrayLike<number>,
  { codes, names }: ReferenceLabels,
  classes: number,
): string[] | undefined {
  if (names.length !== classes) return undefined
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0))
  codes.forEach((code, row) => {
    if (code !== NO_LABEL && predicted[row] < classes) counts[predicted[row]][code]++
  })
  const found = counts.map((row) => clearlyLargest(row))
  const isMutual = found.every(
    (code, c) => code !== undefined && clearlyLargest(counts.map((row) => row[code])) === c,
  )
  return isMutual ? found.map((code) => names[code as number]) : undefined
}

/** Position of the largest count where it is ahead of the next by more than twice its standard error, which takes five of five at least. */
function clearlyLargest(counts: readonly number[]): number | undefined {
  const [first, second] = counts.toSorted((a, b) => b - a)
  const isClear = (first - second) ** 2 > 4 * (first + second)
  return isClear ? counts.indexOf(first) : undefined
}
