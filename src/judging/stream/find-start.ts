/** Share of the chance that the interval holds. */
const LEVEL = 0.95

/** Cells of the histogram of p-values that changed images are told by. */
const CELLS = 10

const ROUNDS = 5

/** Places in a list of p-values: the likeliest first changed one, and the 95% interval around it. */
export type FoundStart = {
  readonly likeliest: number
  readonly from: number
  readonly to: number
}

/**
 * Where the p-values of what speaks of a change stop being even, more precisely than the place `about` where it was
 * found: changed images have the p-values of those from there on, cell by cell; all starts are taken for equally likely
 * before, and the interval holds 95% of the chance.
 */
export function findStart(pValues: readonly number[], about: number): FoundStart {
  let found = startNear(pValues, about)
  // What changed images are like is learned anew from each start that is found.
  for (let round = 1, before = about; round < ROUNDS && found.likeliest !== before; round++) {
    before = found.likeliest
    found = startNear(pValues, before)
  }
  return found
}

function startNear(pValues: readonly number[], about: number): FoundStart {
  const cells = Array.from({ length: CELLS }, () => 1)
  const changed = pValues.slice(about)
  for (const p of changed) cells[cellOf(p)]++
  const gain = (p: number) => Math.log((CELLS * cells[cellOf(p)]) / (changed.length + CELLS))
  const chances = pValues.map(() => 0)
  let sum = 0
  for (let start = pValues.length - 1; start >= 0; start--) {
    chances[start] = sum += gain(pValues[start])
  }
  const largest = Math.max(...chances)
  const weights = chances.map((log) => Math.exp(log - largest))
  return shortestRun(weights, weights.indexOf(1))
}

const cellOf = (p: number): number => Math.min(CELLS - 1, Math.floor(p * CELLS))

/** Grows from the likeliest start to the likelier neighbour until enough of the weight is inside. */
function shortestRun(weights: readonly number[], likeliest: number): FoundStart {
  const total = weights.reduce((sum, one) => sum + one, 0)
  let [from, to, held] = [likeliest, likeliest, weights[likeliest]]
  while (held < LEVEL * total) {
    const [before, after] = [weights[from - 1] ?? -1, weights[to + 1] ?? -1]
    if (before < 0 && after < 0) break
    if (before >= after) held += weights[--from]
    else held += weights[++to]
  }
  return { likeliest, from, to }
}
