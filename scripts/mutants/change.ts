/** A piece of a text, in UTF-16 units, and what stands there instead. */
export type Change = { readonly start: number; readonly end: number; readonly text: string }

/** One small fault in one file. */
export type Mutant = Change & {
  /** Stays the same when code around it moves, also to another folder. */
  readonly id: string
  /** Relative to the repository's root. */
  readonly path: string
  /** 1 for the first. */
  readonly line: number
  readonly original: string
}

/** The text with the change made. */
export function applyChange(text: string, { start, end, text: instead }: Change): string {
  return text.slice(0, start) + instead + text.slice(end)
}

/** Line of an offset, 1 for the first. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
