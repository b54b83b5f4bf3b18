/** A table of figures for a page. */
export type FigureTable = {
  readonly title: string
  /** What a reader has to know of it. */
  readonly note?: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
