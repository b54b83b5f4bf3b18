/** Rows of a CSV (RFC 4180: quotes, doubled quotes, line breaks inside quotes) read piece by piece; blank lines are left out. */
export async function* readDelimited(
  chunks: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<string[]> {
  let row: string[] = []
  let cell = ''
  let state: 'plain' | 'quoted' | 'quote-in-quoted' = 'plain'
  const endRow = (): string[] | undefined => {
    row.push(cell)
    cell = ''
    const ended = row
    row = []
    return ended.length === 1 && ended[0] === '' ? undefined : ended
  }
  for await (const chunk of chunks) {
    for (const char of chunk) {
      if (state === 'quoted') {
        if (char === '"') state = 'quote-in-quoted'
        else cell += char
      } else if (char === '"' && state === 'quote-in-quoted') {
        cell += '"'
        state = 'quoted'
      } else if (char === '"' && cell === '') {
        state = 'quoted'
      } else if (char === delimiter) {
        row.push(cell)
        cell = ''
        state = 'plain'
      } else if (char === '\n') {
        const ended = endRow()
        state = 'plain'
        if (ended) yield ended
      } else if (char !== '\r') {
        cell += char
      }
    }
  }
  const last = endRow()
  if (last) yield last
}

/** Lines of a text read piece by piece, without their line breaks. */
export async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/\r?\n/)
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
