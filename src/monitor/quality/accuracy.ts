import { fewerThanChance, fewerThanOthers, type Successes } from '../../statistics/index.ts'

/** How often the model was right of late, of one source or of all together: plain data of a fixed size. */
export type Accuracy = {
  readonly all: Successes
  /** The first answers, with which later ones are compared. */
  readonly baseline: Successes
  /** Answers since the last window. */
  readonly window: Successes
  /** The last whole window. */
  readonly last: JudgedWindow | null
  /** Since a window that was surely too low, until one that is not. */
  readonly isLow: boolean
}

/** A window of answers, and the chance of so few right ones or fewer had nothing changed. */
export type JudgedWindow = Successes & { readonly pValue: number; readonly at: number }

/** When accuracy is too low. */
export type AccuracyRule = {
  /** Answers of a window. */
  readonly windowSize: number
  /** Chance of a window to be taken for too low, were the model as good as before. */
  readonly level: number
  /** What accuracy must not be below; null: the baseline. */
  readonly floor: number | null
  /** Answers of the baseline. */
  readonly baselineSize: number
}

const NONE: Successes = { successes: 0, trials: 0 }

/** Before the first answer. */
export const NO_ACCURACY: Accuracy = {
  all: NONE,
  baseline: NONE,
  window: NONE,
  last: null,
  isLow: false,
}

/** A window that is this likely is no longer too low. */
const OVER_LEVEL = 0.1

/** Counts one answer more; the next windows are judged by the exact tests of a rate and of two. */
export function countAnswer(
  accuracy: Accuracy,
  isRight: boolean,
  { rule, at }: { readonly rule: AccuracyRule; readonly at: number },
): Accuracy {
  const all = plus(accuracy.all, isRight)
  if (rule.floor === null && accuracy.baseline.trials < rule.baselineSize) {
    return { ...accuracy, all, baseline: plus(accuracy.baseline, isRight) }
  }
  const window = plus(accuracy.window, isRight)
  if (window.trials < rule.windowSize) return { ...accuracy, all, window }
  const pValue =
    rule.floor === null
      ? fewerThanOthers(window, accuracy.baseline)
      : fewerThanChance(window, rule.floor)
  const isLow = pValue <= rule.level || (accuracy.isLow && pValue <= OVER_LEVEL)
  return { ...accuracy, all, window: NONE, last: { ...window, pValue, at }, isLow }
}

/** Changes what an answer was counted as, by its number from 1; windows that were judged stay judged. */
export function recount(accuracy: Accuracy, number: number, change: -1 | 1): Accuracy {
  const { all, baseline, window } = accuracy
  const moved = (some: Successes): Successes => ({ ...some, successes: some.successes + change })
  const isOfWindow = number > all.trials - window.trials
  return {
    ...accuracy,
    all: moved(all),
    ...(number <= baseline.trials ? { baseline: moved(baseline) } : {}),
    ...(isOfWindow ? { window: moved(window) } : {}),
  }
}

function plus({ successes, trials }: Successes, isRight: boolean): Successes {
  return { successes: successes + (isRight ? 1 : 0), trials: trials + 1 }
}
