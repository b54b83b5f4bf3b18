import type { FigureTable } from './figure-table.ts'
import { table } from './markdown.ts'

// Longer lists are courses of single runs; they stay in the stored file.
const LONGEST_LIST = 40

type Leaf = Readonly<Record<string, unknown>>
/** A record of single values, and the keys that lead to it. */
type Placed = { readonly path: readonly string[]; readonly leaf: Leaf }

/** Any figures as tables: one row per record of single values, labelled by the keys that lead to it. */
export function figureTables(figures: object): FigureTable[] {
  const entries = Object.entries(figures)
  const single = entries.filter(([, value]) => isSingle(value))
  const parts = entries.filter(
    ([, value]) => !isSingle(value) && !(Array.isArray(value) && value.length > LONGEST_LIST),
  )
  return [
    ...(single.length === 0 ? [] : [valueTable('', single)]),
    ...parts.flatMap(([name, value]) => partTables(name, value as object)),
  ]
}

/** A table as Markdown, under its title. */
export function showTable({ title, note, head, rows }: FigureTable): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  return [title === '' ? '' : `**${title}**`, note ?? '', table(head, cells)]
    .filter((part) => part !== '')
    .join('\n\n')
}

function partTables(name: string, part: object): FigureTable[] {
  const rows = Object.entries(part)
  if (rows.length === 0) return []
  if (rows.every(([, value]) => isSingle(value))) return [valueTable(inWords(name), rows)]
  const byDepth = Map.groupBy(placedIn(part, []), ({ path }) => path.length)
  return [...byDepth.values()].map((placed) => recordTable(inWords(name), placed))
}

/** All records of single values under a part. */
function placedIn(part: object, path: readonly string[]): Placed[] {
  const entries = Object.entries(part)
  const leaf = Object.fromEntries(entries.filter(([, value]) => isSingle(value)))
  const deeper = entries.filter(([, value]) => !isSingle(value))
  const own = Object.keys(leaf).length === 0 ? [] : [{ path, leaf }]
  return [
    ...own,
    ...deeper.flatMap(([key, value]) => {
      if (Array.isArray(value) && value.length > LONGEST_LIST) return []
      const label = Array.isArray(part) ? String(Number(key) + 1) : key
      return placedIn(value as object, [...path, label])
    }),
  ]
}

function recordTable(title: string, placed: readonly Placed[]): FigureTable {
  const keys = [...new Set(placed.flatMap(({ leaf }) => Object.keys(leaf)))]
  const depth = placed[0].path.length
  return {
    title,
    head: [...Array.from({ length: depth }, () => ''), ...keys.map(inWords)],
    rows: placed.map(({ path, leaf }) =>
      path.map(inWords).concat(keys.map((key) => formatCell(leaf[key]))),
    ),
  }
}

function valueTable(title: string, rows: readonly (readonly [string, unknown])[]): FigureTable {
  return {
    title,
    head: ['figure', 'value'],
    rows: rows.map(([key, value]) => [inWords(key), formatCell(value)]),
  }
}

/** `perReference` → `per reference`, `n100` → `n = 100`; names with spaces or dashes stay. */
function inWords(key: string): string {
  const size = /^n(\d+)$/.exec(key)?.[1]
  if (size !== undefined) return `n = ${Number(size).toLocaleString('en-US')}`
  if (!/^[a-z]+([A-Z][a-z]*)+$/.test(key)) return key
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function formatCell(value: unknown): string {
  if (value === undefined || value === null) return '–'
  if (typeof value === 'number') return formatNumber(value)
  if (Array.isArray(value)) return formatList(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Two numbers are an interval; of more the extremes and the number are told. */
function formatList(values: readonly unknown[]): string {
  const numbers = values.filter((value) => typeof value === 'number')
  if (values.length === 2 || numbers.length < values.length)
    return values.map(formatCell).join(' … ')
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)]
  return `${formatNumber(lowest)} … ${formatNumber(highest)} (${values.length})`
}

/** Four digits, with commas in large whole numbers. */
function formatNumber(value: number): string {
  const rounded = Number(value.toPrecision(4))
  if (Math.abs(rounded) >= 1000) return Math.round(value).toLocaleString('en-US')
  return String(rounded)
}

/** A cell's worth: a value, or a list of numbers. */
function isSingle(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= LONGEST_LIST &&
    value.every((part) => typeof part === 'number')
  )
}
