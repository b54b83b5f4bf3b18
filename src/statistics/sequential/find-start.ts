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
 * Where the p-values of what speaks of a change become others, more precisely than the place `about` where it was
 * found: clean and changed images have the p-values of those before and from there on, cell by cell; all starts are taken for equally likely
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
  const clean = shareOfCells(pValues.slice(0, about))
  const changed = shareOfCells(pValues.slice(about))
  const chances = pValues.map(() => 0)
  let sum = 0
  for (let start = pValues.length - 1; start >= 0; start--) {
    const cell = cellOf(pValues[start])
    chances[start] = sum += Math.log(changed[cell] / clean[cell])
  }
  const largest = Math.max(...chances)
  const weights = chances.map((log) => Math.exp(log - largest))
  return shortestRun(weights, weights.indexOf(1))
}

/** Share of p-values in each cell, one more counted in each: of a column of few values clean ones are not even. */
function shareOfCells(pValues: readonly number[]): number[] {
  const cells = Array.from({ length: CELLS }, () => 1)
  for (const p of pValues) cells[cellOf(p)]++
  return cells.map((count) => count / (pValues.length + CELLS))
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
