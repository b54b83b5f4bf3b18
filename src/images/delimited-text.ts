const DELIMITERS = [',', ';', '\t', '|']

/**
 * Rows of a CSV (RFC 4180: quotes, doubled quotes, line breaks inside quotes) read piece by piece; blank lines are left
 * out, lines end in LF, CR LF or CR. The delimiter is what a line `sep=` says or what the first row has most of, `usual`
 * before others.
 */
export async function* readDelimited(
  chunks: AsyncIterable<string>,
  usual: string,
): AsyncGenerator<string[]> {
  const [head, text] = await takeHead(chunks)
  const stated = /^sep=(.)(?:\r|\n|$)/i.exec(head)?.[1]
  const rows = splitRows(text, stated ?? findDelimiter(head, usual))
  // The line that states the delimiter is no row.
  if (stated !== undefined) await rows.next()
  yield* rows
}

/** The first pieces, up to the end of the first line, and the whole text from its beginning. */
async function takeHead(
  chunks: AsyncIterable<string>,
): Promise<readonly [string, AsyncIterable<string>]> {
  const iterator = chunks[Symbol.asyncIterator]()
  let head = ''
  while (!/[^\r\n][\r\n]/.test(head)) {
    const next = await iterator.next()
    if (next.done === true) break
    head += next.value
  }
  const text = async function* text(): AsyncGenerator<string> {
    yield head
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      yield next.value
    }
  }
  return [head, text()]
}

function findDelimiter(head: string, usual: string): string {
  const firstLine = /[^\r\n]+/.exec(head)?.[0] ?? ''
  const bare = firstLine.replaceAll(/"[^"]*"/g, '')
  const count = (delimiter: string): number => bare.split(delimiter).length
  return DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best), usual)
}

async function* splitRows(
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
      } else if (char === '\n' || char === '\r') {
        const ended = endRow()
        state = 'plain'
        if (ended) yield ended
      } else {
        cell += char
      }
    }
  }
  const last = endRow()
  if (last) yield last
}

/** Lines of a text read piece by piece, without their line breaks (LF, CR LF or CR). */
export async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const text = rest + chunk
    // A CR at the end may be half of a CR LF.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text
    const lines = whole.split(/\r\n|\n|\r/)
    rest = (lines.pop() ?? '') + text.slice(whole.length)
    yield* lines
  }
  const last = rest.replace(/\r$/, '')
  if (last !== '') yield last
}
