import { InvalidArgumentError } from '@commander-js/extra-typings'

/** A whole number of at least 1. */
export function parseCount(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('Expected a whole number of at least 1.')
}

/** Whole numbers of at least 1, separated by commas. */
export function parseCounts(text: string): number[] {
  return text.split(',').map((part) => parseCount(part.trim()))
}

/** Any whole number. */
export function parseInteger(text: string): number {
  const value = Number(text)
  if (/^[-+]?\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('Expected a whole number.')
}

/** A port to listen on; 0 lets the system choose one. */
export function parsePort(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= 65_535) return value
  throw new InvalidArgumentError('Expected a whole number from 0 to 65535.')
}

/** `10%` or `0.1`, as a share; a bare number of 1 or more could mean either and is refused. */
export function parseShare(text: string): number {
  const percent = text.endsWith('%')
  const value = parseDecimal(percent ? text.slice(0, -1) : text)
  if (value === undefined || value <= 0) {
    throw new InvalidArgumentError('Expected a positive share such as 10% or 0.1.')
  }
  if (percent) return value / 100
  if (value < 1) return value
  throw new InvalidArgumentError(`Expected a share such as 10% or 0.1; is ${text}% meant?`)
}

/** A plain decimal number, or undefined; not hexadecimal, not infinite, not the empty text. */
export function parseDecimal(text: string): number | undefined {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined
}
