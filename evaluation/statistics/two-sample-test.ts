/** What a two-sample test found. */
export type TestResult = {
  /** The test's own scale; higher = more different. */
  readonly statistic: number
  /** In (0, 1], uniform or larger when both samples come from one distribution. */
  readonly pValue: number
}

/** Asks whether two samples come from one distribution; pure: the same input gives the same result. */
export type TwoSampleTest<Sample> = (first: Sample, second: Sample) => TestResult
