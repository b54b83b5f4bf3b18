const MINUS = '\u2212'
const MISSING = '–'

/** A value between two ends that hold it at `level` (0.95). */
export type Interval = {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly level: number
}

/** `10,000`. */
export function formatCount(count: number): string {
  return decimal(count, 0)
}

/** `1 image`, `10,000 images`; `2 classes` where the plural is told. */
export function formatCountOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** Three significant digits and never an exponent a reader must decode: `0.0788`, `12.3`, `1,230`, `7.9 × 10⁻⁷`. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return infinite(value)
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 1e-5) return scientific(value)
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(size)))
  return decimal(value, Math.min(places, 8))
}

/** A fraction as a percentage, whole where it is whole: `0.5%`, `10%`, `44.2%`. */
export function formatPercent(fraction: number): string {
  const tenths = Math.round(fraction * 1000)
  return percentage(fraction, tenths % 10 === 0 ? 0 : 1)
}

/** A share of images, rounded down to whole percents so that “at least” stays true: `29%`. */
export function formatShare(share: number): string {
  return percentage(Math.floor(share * 100 + 1e-9) / 100, 0)
}

/** A measured relative change: `+44.2%`, `−12.0%`, `+422%`. */
export function formatChange(fraction: number): string {
  const text = percentage(fraction, Math.abs(fraction) < 0.9995 ? 1 : 0)
  return fraction > 0 ? `+${text}` : text
}

/** A standardised effect, with its sign: `+1.24`, `−0.31`, `0.00`, `+15.2`. */
export function formatEffect(effect: number): string {
  const size = Math.abs(effect)
  const text = decimal(effect, size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
  return effect > 0 ? `+${text}` : text
}

/** A p-value: at most two significant digits, `< 0.0001` below that. */
export function formatPValue(pValue: number): string {
  if (!Number.isFinite(pValue)) return MISSING
  return pValue < 0.0000995 ? '< 0.0001' : plain(Number(pValue.toPrecision(2)))
}

/** A p-value as an equation: `p = 0.031`, `p < 0.0001`. */
export function formatPValueEquation(pValue: number): string {
  const text = formatPValue(pValue)
  return text.startsWith('<') ? `p ${text}` : `p = ${text}`
}

/** A rate or threshold as the user set it, without float dust: `0.01`, `0.0025`. */
export function formatRate(rate: number): string {
  return Number.isFinite(rate) ? plain(Number(rate.toPrecision(3))) : MISSING
}

/** A chance as a frequency: `once in 100`, `43 times in 100`. */
export function formatFrequency(chance: number): string {
  if (chance > 0.05) return `${Math.round(chance * 100)} times in 100`
  return `once in ${formatCount(Number((1 / chance).toPrecision(2)))}`
}

/** The interval of a relative change: `95% CI +41.0% to +47.3%`. */
export function formatInterval(estimate: Interval): string {
  const level = plain(Number((estimate.level * 100).toPrecision(3)))
  return `${level}% CI ${formatChange(estimate.low)} to ${formatChange(estimate.high)}`
}

function decimal(value: number, places: number): string {
  if (!Number.isFinite(value)) return infinite(value)
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  })
  return /[1-9]/.test(text) ? text.replace('-', MINUS) : text.replace('-', '')
}

function percentage(fraction: number, places: number): string {
  const percent = fraction * 100
  const tiny = percent !== 0 && Math.abs(percent) < 0.05
  return Number.isFinite(percent)
    ? `${tiny ? formatNumber(percent, 1) : decimal(percent, places)}%`
    : infinite(percent)
}

function plain(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 12 }).replace('-', MINUS)
}

function scientific(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(1).split('e')
  const power = String(Number(exponent))
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)))
  return `${mantissa.replace('-', MINUS)} × 10${power}`
}

function infinite(value: number): string {
  if (Number.isNaN(value)) return MISSING
  return value > 0 ? '∞' : `${MINUS}∞`
}
