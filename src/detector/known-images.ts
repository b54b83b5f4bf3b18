/** Which images a detector knows, by their hashes. */
export type KnownImages = {
  /** Of the images that were learned from, training and validation; ascending, copies as often as they were. */
  readonly learned: Float64Array
  /** Of the held-out images, row by row. */
  readonly reference: Float64Array
}
