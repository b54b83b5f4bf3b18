import { formatRate } from '../wording/index.ts'
import type { Tick } from './bottom-axis.ts'

/** Powers of ten from 1 down to `smallest`; every second one where there are many. */
export function pValueTicks(position: (pValue: number) => number, smallest: number): Tick[] {
  const decades = Math.floor(-Math.log10(smallest) + 1e-9)
  const stride = decades > 6 ? Math.ceil(decades / 6) : 1
  return Array.from({ length: Math.floor(decades / stride) + 1 }, (_, i) => {
    const exponent = i * stride
    const pValue = 10 ** -exponent
    return {
      position: position(pValue),
      label: exponent > 4 ? `10⁻${superscript(exponent)}` : formatRate(pValue),
    }
  })
}

function superscript(exponent: number): string {
  return String(exponent).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)))
}
