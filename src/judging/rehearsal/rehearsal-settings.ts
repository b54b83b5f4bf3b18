/** How a rehearsal goes. */
export type RehearsalSettings = {
  /** Images of a batch; from the fewest that are tested. */
  readonly batchSize: number
  /** As of a stream. */
  readonly falseAlarmEvery: number
  /** A stream that has not alarmed so many images after a change has missed it. */
  readonly within: number
  /** Shares of the images that are changed, each more than 0 and at most 1. */
  readonly shares: readonly number[]
  /** Runs at each strength; twice as many where it decides. */
  readonly runs: number
  readonly seed: number
}
