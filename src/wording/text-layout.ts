/** Capital letter in front, full stop behind. */
export function sentence(text: string): string {
  const trimmed = text.trim()
  const end = /[.!?…]$/.test(trimmed) || trimmed === '' ? '' : '.'
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${end}`
}

/** Replaces what no font shows and what reorders text (controls, bidi overrides, lone surrogates) by U+FFFD. */
export function visibleText(text: string): string {
  return text.toWellFormed().replace(/(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}

/** A title without the brackets at its end: `brightness (mean pixel)` to `brightness`. */
export function withoutExplanation(title: string): string {
  return title.replace(/ \([^()]*\)$/, '')
}

/** Binds equations such as `p = 0.01` with no-break spaces. */
export function keepEquations(text: string): string {
  return text.replace(/ ([=≤≥<>]) /g, '\u00a0$1\u00a0')
}

/** Breaks text into lines of at most `width` characters at spaces, but not in equations; longer words stand alone. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of keepEquations(text).split(/[ \t\r\n]+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].filter((one) => one !== '').map((one) => one.replaceAll('\u00a0', ' '))
}

/** Columns aligned by padding, two spaces between them; the first row may be a heading. Columns named in `right` are set flush right. */
export function renderTable(
  rows: readonly (readonly string[])[],
  options: { readonly right?: readonly number[] } = {},
): string {
  const { right = [] } = options
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? '').length)),
  )
  return rows
    .map((row) =>
      widths
        .map((width, i) => {
          const cell = row[i] ?? ''
          return right.includes(i) ? cell.padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Capital letter in front. */
export function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
