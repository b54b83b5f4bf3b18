/** Learning rate at a step of 0..steps−1. */
export type Schedule = (step: number, steps: number) => number

/** The same rate throughout. */
export function constantSchedule(rate: number): Schedule {
  return () => rate
}

export type OneCycleOptions = {
  readonly peak: number
  /** Share of the steps spent rising; default 0.1. */
  readonly warmUp?: number
  /** Rate the rise begins from, as a share of the peak: the first step is one stride above it; default 0.1. */
  readonly start?: number
  /** Rate at the last step, as a share of the peak; default 0.01. */
  readonly end?: number
}

/** Linear rise to the peak, then a cosine fall. */
export function oneCycleSchedule({
  peak,
  warmUp = 0.1,
  start = 0.1,
  end = 0.01,
}: OneCycleOptions): Schedule {
  return (step, steps) => {
    const rising = Math.max(1, Math.round(steps * warmUp))
    if (step < rising) return peak * (start + ((1 - start) * (step + 1)) / rising)
    const progress = (step - rising) / Math.max(1, steps - 1 - rising)
    return peak * (end + ((1 - end) * (1 + Math.cos(Math.PI * Math.min(progress, 1)))) / 2)
  }
}

/** The rate is multiplied by `factor` after each of `milestones` (shares of all steps, in (0, 1)). */
export function stepSchedule(rate: number, milestones: readonly number[], factor = 0.1): Schedule {
  return (step, steps) =>
    rate * factor ** milestones.filter((milestone) => step >= milestone * steps).length
}
