import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { isOfPresentProduct } from '../harness/describe-origin.ts'
import type { StoredResult } from '../harness/result-store.ts'
import { DETECTION, type Evidence, SPEED } from './evidence-rows.ts'
import { GUARDS } from './guard-rows.ts'
import { SERVICE, SERVICE_SPEED } from './service-rows.ts'
import { STREAM_SPEED, STREAMS } from './stream-rows.ts'

/** Stored results by name, of the studies and of the measurements. */
export type StoredResults = {
  readonly studies: ReadonlyMap<string, StoredResult>
  readonly topics: ReadonlyMap<string, StoredResult>
}

const START = '<!-- evidence -->'
const END = '<!-- /evidence -->'
const MARK = ' ⚠'

/** The page with its table of claims made anew from the stored results; the table stands between two comments. */
export function withEvidence(page: string, results: StoredResults, present: Fingerprint): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)]
  if (start < 0 || end < start) throw new RangeError(`expected ${START} and ${END} in the page`)
  const table = evidenceTable(results, present)
  return `${page.slice(0, start + START.length)}\n\n${table}\n\n${page.slice(end)}`
}

/** Claims, figures and commands, padded as the formatter does; a mark on what no longer stands for the product. */
function evidenceTable({ studies, topics }: StoredResults, present: Fingerprint): string {
  const rows = [
    ...rowsOf(DETECTION, studies, present),
    ...rowsOf(GUARDS, studies, present),
    ...rowsOf([...STREAMS, ...SERVICE], studies, present),
    ...rowsOf([...SPEED, ...STREAM_SPEED, ...SERVICE_SPEED], topics, present),
  ]
  const lines = [['claim', 'figure', 'command'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column].length)))
  const [head, ...body] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`,
  )
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  const isMarked = rows.some(([, figure]) => figure.endsWith(MARK))
  const note = '\n\n⚠ not of one clean commit of the product as it is now; the pages say of which.'
  return [head, rule, ...body].join('\n') + (isMarked ? note : '')
}

function rowsOf(
  evidence: readonly Evidence[],
  results: ReadonlyMap<string, StoredResult>,
  present: Fingerprint,
): string[][] {
  return evidence.flatMap(({ result, rows }) => {
    const stored = results.get(result)
    if (stored === undefined) return []
    const mark = isOfPresentProduct(stored, present) ? '' : MARK
    const [command] = stored.command.split(/ -- (?!--grid)/)
    return rows(stored).map(({ claim, figure }) => [
      claim,
      figure + mark,
      `\`${command.replace(/( --grid \S+).*/, '$1')}\``,
    ])
  })
}
