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
 * Where the p-values of what shows a change become others, more precisely than the place `about` where it was
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
  const clean = countCells(pValues.slice(0, about))
  const changed = countCells(pValues.slice(about))
  const chances = pValues.map(() => 0)
  let sum = 0
  for (let start = pValues.length - 1; start >= 0; start--) {
    // No image counts in its own comparison, or few of them would stay on whichever side they were put.
    const [asClean, asChanged] = start < about ? [1, 0] : [0, 1]
    const cell = cellOf(pValues[start])
    const gain = shareOf(changed, cell, asChanged) / shareOf(clean, cell, asClean)
    chances[start] = sum += Math.log(gain)
  }
  const largest = Math.max(...chances)
  const weights = chances.map((log) => Math.exp(log - largest))
  return shortestRun(weights, weights.indexOf(1))
}

function countCells(pValues: readonly number[]): number[] {
  const cells = Array.from({ length: CELLS }, () => 0)
  for (const p of pValues) cells[cellOf(p)]++
  return cells
}

/** As how many p-values of each cell an even distribution counts: few, since often there are few. */
const EVEN = 0.2

/** Share of a cell, `less` of its p-values left out: of a column of few values clean ones are not even. */
function shareOf(cells: readonly number[], cell: number, less: number): number {
  const all = cells.reduce((sum, count) => sum + count, 0)
  return (cells[cell] - less + EVEN) / (all - less + CELLS * EVEN)
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
