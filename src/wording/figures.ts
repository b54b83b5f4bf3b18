import type { QuantityEvidence } from '../verdict/index.ts'
import { formatNumber, formatPercent, formatShare } from './number-format.ts'
import type { Unit } from './sight.ts'

/** From how many times on a growth is told as a multiple. */
const MULTIPLE = 3
/** Of next to nothing everything is many times as much. */
const LARGEST_MULTIPLE = 50

/** From where to where: `0.473 → 0.167`, `81% → 41% of the pixels`. */
export function fromTo(from: number, to: number, unit?: Unit): string {
  if (unit === 'count') return pair(from, to, (value) => formatNumber(Math.round(value), 1))
  if (unit !== undefined) return `${pair(from, to, formatPercent)} of the ${unit}`
  return pair(from, to, formatNumber)
}

/** Where a value fell to less than this part of what it was, its digits say nothing. */
const NOTHING_LEFT = 1e-4

/** Both with as many digits as it takes to tell them apart. */
function pair(
  from: number,
  to: number,
  format: (value: number, digits?: number) => string,
): string {
  if (to !== 0 && Math.abs(to) < NOTHING_LEFT * from) return `${format(from, 3)} → almost 0`
  const digits = [3, 4, 5].find((one) => differ(format(from, one), format(to, one))) ?? 3
  return `${format(from, digits)} → ${format(to, digits)}`
}

/** Not when one of them only has more zeros behind. */
function differ(a: string, b: string): boolean {
  return a !== b && a.replaceAll(/[.0%]+$/g, '') !== b.replaceAll(/[.0%]+$/g, '')
}

/** `+42%`, `−65%`, `3.6 times as much`; empty where it rounds to nothing, or there is nothing to compare with. */
export function relativeChange(from: number, to: number, unit?: Unit): string {
  if (unit !== undefined) return ''
  if (!(from > 0) || !(to >= 0)) return ''
  const ratio = to / from
  if (ratio > LARGEST_MULTIPLE) return ''
  if (ratio >= MULTIPLE) return `${formatNumber(ratio, 2)} times as much`
  const percent = Math.round(100 * (ratio - 1))
  return percent === 0 || percent === -100 ? '' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)}%`
}

/** `, in at least 45% of the images`; empty where no percent of them is sure. */
export function inShareOfImages({ changedShare }: Pick<QuantityEvidence, 'changedShare'>): string {
  return changedShare < 0.01 ? '' : `, in at least ${formatShare(changedShare)} of the images`
}
