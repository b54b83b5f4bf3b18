import { type ChartOptions, type Markup, markup, trusted } from '../../charts/index.ts'

/** Widths of a chart inside a card: on a desk, on a phone. */
const CARD_WIDTHS = [998, 328] as const

/** Draws a chart twice and lets the style sheet show the one that fits, so that text keeps its size; null for an empty chart. */
export function responsiveChart(
  id: string,
  draw: (options: ChartOptions) => string,
  widths: readonly [wide: number, narrow: number] = CARD_WIDTHS,
): Markup | null {
  const wide = draw({ id: `${id}-wide`, width: widths[0] })
  if (wide === '') return null
  const narrow = draw({ id: `${id}-narrow`, width: widths[1] })
  return markup`<div class="chart"><div class="wide">${trusted(wide)}</div><div class="narrow">${trusted(narrow)}</div></div>`
}
