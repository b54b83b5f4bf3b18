import { betaCdf, logHypergeometric } from './distributions.ts'

/** So many successes of so many trials. */
export type Successes = { readonly successes: number; readonly trials: number }

/** One-sided exact binomial test: the chance of so few successes or fewer, each of that chance. */
export function fewerThanChance({ successes, trials }: Successes, chance: number): number {
  if (successes >= trials || chance <= 0) return 1
  return betaCdf(1 - chance, trials - successes, successes + 1)
}

/**
 * One-sided exact test of Fisher (1934): the chance of so few successes or fewer among these trials, had they been drawn
 * from all trials of both.
 */
export function fewerThanOthers(own: Successes, others: Successes): number {
  const total = own.trials + others.trials
  const marked = own.successes + others.successes
  const least = Math.max(0, own.trials + marked - total)
  let sum = 0
  for (let k = least; k <= own.successes; k++) {
    sum += Math.exp(logHypergeometric(k, { drawn: own.trials, marked, total }))
  }
  return Math.min(1, sum)
}
