/** Sum and sum of squares of 32-bit floats without any rounding: in whatever order they are added, the same to the bit. */
export type ExactSums = {
  readonly count: number
  /** In units of 2⁻¹⁴⁹, the smallest float. */
  readonly sum: bigint
  /** In units of 2⁻²⁹⁸. */
  readonly squares: bigint
  /** Values that are no number or infinite; they are in neither sum. */
  readonly unbounded: number
}

/** Sums of nothing yet. */
export const NO_SUMS: ExactSums = { count: 0, sum: 0n, squares: 0n, unbounded: 0 }

/** Mean and spread of many numbers, kept without the numbers. */
export type Moments = { readonly count: number; readonly mean: number; readonly squares: number }

const UNITS = 2 ** 149

/** The sums of these values, which are 32-bit floats. */
export function sumExactly(values: Iterable<number>): ExactSums {
  let [count, unbounded] = [0, 0]
  let [sum, squares] = [0n, 0n]
  for (const value of values) {
    count++
    if (Number.isFinite(value)) {
      const whole = BigInt(value * UNITS)
      sum += whole
      squares += whole * whole
    } else unbounded++
  }
  return { count, sum, squares, unbounded }
}

/** The sums of what two sums are of. */
export function addSums(a: ExactSums, b: ExactSums): ExactSums {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    squares: a.squares + b.squares,
    unbounded: a.unbounded + b.unbounded,
  }
}

/** Mean and sum of squared deviations; no number where a value was none. */
export function momentsOfSums({ count, sum, squares, unbounded }: ExactSums): Moments {
  if (unbounded > 0) return { count, mean: Number.NaN, squares: Number.NaN }
  if (count === 0) return { count, mean: 0, squares: 0 }
  const whole = BigInt(count)
  return {
    count,
    mean: Number(sum) / UNITS / count,
    squares: Number(whole * squares - sum * sum) / UNITS / UNITS / count,
  }
}
