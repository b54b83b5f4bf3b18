/** Cells of p-values: so many an octave, from 2^−OCTAVES to 1. */
const CELLS = 64
const OCTAVES = 23

/** Smaller p-values are taken for this one, so that no single image decides. */
const LEAST = 2 ** -OCTAVES

/** A float's sign, exponent and first 6 bits behind them: as many cells as CELLS an octave. */
const FLOAT_BITS_LEFT_OUT = 23 - Math.log2(CELLS)

const number = new Float32Array(1)
const bits = new Int32Array(number.buffer)
const bitsOf = (value: number): number => {
  number[0] = value
  return bits[0] >>> FLOAT_BITS_LEFT_OUT
}
const FIRST = bitsOf(LEAST)

/** What is paid in each cell, and for 1. */
const PAYOFFS = Float64Array.from({ length: OCTAVES * CELLS + 1 }, (_, cell) => {
  const [from, to] = [lowestOf(cell), lowestOf(cell + 1)]
  return to > 1 ? 0.5 : (tailIntegral(to) - tailIntegral(from)) / (to - from)
})

/**
 * What a bet on small p-values pays for one: the mixture of all powers κ·p^(κ−1) (Vovk and Sellke’s calibrator, integrated),
 * ∫ κ·p^(κ−1) dκ over [0, 1] = (1 − p + p·ln p) / (p·ln² p), its mean over the cell of the p-value. So it is a look-up,
 * and what it pays on average is as exact as with logarithms.
 */
export function tailBet(p: number): number {
  return PAYOFFS[Math.max(FIRST, bitsOf(p)) - FIRST]
}

/** The smallest p-value of a cell. */
function lowestOf(cell: number): number {
  const octave = Math.floor(cell / CELLS)
  return LEAST * 2 ** octave * (1 + (cell - octave * CELLS) / CELLS)
}

/** Of the bet up to p: (p − 1) / ln p. */
function tailIntegral(p: number): number {
  return p === 1 ? 1 : (p - 1) / Math.log(p)
}
