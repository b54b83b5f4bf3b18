/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

/** A part that is folded up until it is asked for. */
export function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`
}

/** A share with two digits, without the leading zero: `.05`, `1`. */
export function share(value: number | undefined): string {
  if (value === undefined) return '–'
  const text = value.toFixed(2)
  return text === '1.00' ? '1' : text.replace(/^0/, '')
}

/** A small number as it is read: `.0032`, `<1e-6`. */
export function smallNumber(value: number): string {
  if (value < 1e-6) return '<1e-6'
  return value < 0.001 ? value.toExponential(0) : share(value)
}

/** `n10` → 10. */
export function sizeOf(key: string): number {
  return Number(key.slice(1))
}

/** The window sizes of any of these records, ascending. */
export function sizesOf(
  records: readonly (Readonly<Record<string, unknown>> | undefined)[],
): string[] {
  const keys = new Set(records.flatMap((record) => Object.keys(record ?? {})))
  return [...keys].toSorted((a, b) => sizeOf(a) - sizeOf(b))
}

/** A row of a table over window sizes. */
export type SizeRow = { readonly label: string; readonly cell: (key: string) => string }

/** A Markdown table with a column for each window size. */
export function sizeTable(
  corner: string,
  sizes: readonly string[],
  rows: readonly SizeRow[],
): string {
  const headings = sizes.map((key) => `n = ${sizeOf(key).toLocaleString('en-US')}`)
  return table(
    [corner, ...headings],
    rows.map(({ label, cell }) => [label].concat(sizes.map(cell))),
  )
}
