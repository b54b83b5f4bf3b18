/** Places that a map's statistic is the mean of: one alone would be noise as often as a mark. */
const HIGHEST = 3

/** The highest values of each draw, as its places come part by part. */
export class MapPeaks {
  readonly #highest: Float32Array
  #places = 0

  constructor(draws: number) {
    this.#highest = new Float32Array(HIGHEST * draws)
  }

  /** More places of a draw; every draw is given equally many. */
  add(draw: number, values: Float32Array): void {
    if (draw === 0) this.#places += values.length
    const at = HIGHEST * draw
    let [first, second, third] = this.#highest.subarray(at, at + HIGHEST)
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (value <= third) continue
      if (value <= second) third = value
      else {
        third = second
        if (value <= first) second = value
        else {
          second = first
          first = value
        }
      }
    }
    this.#highest[at] = first
    this.#highest[at + 1] = second
    this.#highest[at + 2] = third
  }

  /** Mean of the three highest values of a draw, of as many as there are. */
  mean(draw: number): number {
    const at = HIGHEST * draw
    const [first, second, third] = this.#highest.subarray(at, at + HIGHEST)
    return (first + second + third) / Math.max(1, Math.min(HIGHEST, this.#places))
  }
}
