import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { describeOrigin } from './describe-origin.ts'
import type { StoredResult } from './result-store.ts'

/** A stored result with the sentence that says what it is about. */
export type DescribedResult = {
  readonly name: string
  readonly description: string
  readonly result: StoredResult
}

// Longer lists are courses of single runs; they stay in the stored file.
const LONGEST_LIST = 40

/** The page of all figures as Markdown: one section per result, with the command that made it. */
export function benchmarkPage(
  studies: readonly DescribedResult[],
  topics: readonly DescribedResult[],
  present: Fingerprint,
): string {
  const parts = [
    '# Benchmarks',
    'Made from the stored results by `npm run docs:benchmarks`; each section names the command that made its figures.',
    '## Studies',
    ...sections(studies, 'evaluation/results', present),
    '## Speed and memory',
    ...sections(topics, 'bench/results', present),
  ]
  return `${parts.join('\n\n')}\n`
}

function sections(
  results: readonly DescribedResult[],
  folder: string,
  present: Fingerprint,
): string[] {
  if (results.length === 0) return ['No results are stored yet.']
  return results.map(({ name, description, result }) =>
    [
      `### ${name}`,
      description,
      describeOrigin(result, present),
      `${describeMachine(result)} ([${name}.json](../${folder}/${name}.json))`,
      ...tables(result.figures),
    ].join('\n\n'),
  )
}

function describeMachine({ machine }: StoredResult): string {
  return `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB, Node ${machine.node}`
}

/** Single values in one table, then one table per part. */
function tables(figures: object): string[] {
  const entries = Object.entries(figures) as [string, unknown][]
  const single = entries.filter(([, value]) => isSingle(value))
  const parts = entries.filter(([, value]) => !isSingle(value))
  return [
    ...(single.length === 0 ? [] : [table(['figure', 'value'], single)]),
    ...parts.flatMap(([name, value]) => partTables(name, value as object)),
  ]
}

function partTables(name: string, part: object): string[] {
  if (Array.isArray(part) && part.length > LONGEST_LIST) return []
  const rows = Object.entries(part) as [string, unknown][]
  if (rows.length === 0) return []
  if (rows.every(([, value]) => isSingle(value))) return [table([name, 'value'], rows)]
  if (rows.every(([, value]) => isFlat(value))) return [recordTable(name, part)]
  return rows.flatMap(([key, value]) => {
    const title = `${name}, ${key}`
    if (!isSingle(value)) return partTables(title, value as object)
    return [table(['figure', 'value'], [[title, value]])]
  })
}

/** One row per record, one column per key that any of them has. */
function recordTable(name: string, part: object): string {
  const records = Object.entries(part) as [string, Record<string, unknown>][]
  const keys = [...new Set(records.flatMap(([, record]) => Object.keys(record)))]
  const isList = Array.isArray(part)
  return table(
    [name, ...keys],
    records.map(([key, record]) => {
      const label: unknown[] = [isList ? Number(key) + 1 : key]
      return label.concat(keys.map((column) => record[column]))
    }),
  )
}

function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const line = (cells: readonly unknown[]): string => `| ${cells.map(formatCell).join(' | ')} |`
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function formatCell(value: unknown): string {
  if (value === undefined || value === null) return '–'
  if (typeof value === 'number') return formatNumber(value)
  if (Array.isArray(value)) return value.map(formatCell).join(' … ')
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replaceAll('|', '\\|')
}

/** Four digits, with commas in large whole numbers. */
function formatNumber(value: number): string {
  const rounded = Number(value.toPrecision(4))
  if (Math.abs(rounded) >= 1000) return Math.round(value).toLocaleString('en-US')
  return String(rounded)
}

/** A cell's worth: a value, or an interval of two numbers. */
function isSingle(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return (
    Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'number')
  )
}

function isFlat(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isSingle)
}
