/** One number at each place of a grid over the frame. */
export type PlaceMap = {
  /** Unique, kebab-case: `specks`, `detail`. */
  readonly name: string
  /** What it shows at a place, and which way it rises, in words a user reads. */
  readonly title: string
  /** Cells from top to bottom. */
  readonly rows: number
  /** Cells from left to right. */
  readonly columns: number
}

/** Maps of every image, in whole steps: so many of them are one standard deviation of the training images. */
export const STEPS_PER_DEVIATION = 42

/** Numbers farther out than this many standard deviations are held there, so that no single image decides. */
export const FARTHEST_DEVIATIONS = 3

/** Cells of all maps, one after the other: the width of a row of them. */
export function placesOf(maps: readonly PlaceMap[]): number {
  return maps.reduce((sum, { rows, columns }) => sum + rows * columns, 0)
}
