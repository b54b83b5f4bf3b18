import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './change.ts'
import { root, runTest } from './run-test.ts'
import { importsOf, parseFile } from './syntax.ts'

type Range = { readonly startOffset: number; readonly endOffset: number; readonly count: number }

/** What one test file runs through: for each process it starts, the ranges of each source file. */
export type TestCoverage = {
  readonly test: string
  readonly ms: number
  readonly files: Readonly<Record<string, readonly (readonly Range[])[]>>
}

const FOLDER = 'out/mutants'
const TIMEOUT_MS = 600_000

/** Whether the place of a mutant was run. */
export function covers({ files }: TestCoverage, { path, start, end }: Mutant): boolean {
  return (files[path] ?? []).some((ranges) => isRun(ranges, start, end))
}

/** V8's ranges are nested; the smallest around a place says how often that place was run. */
function isRun(ranges: readonly Range[], start: number, end: number): boolean {
  const around = ranges.filter((range) => range.startOffset <= start && end <= range.endOffset)
  const size = ({ startOffset, endOffset }: Range) => endOffset - startOffset
  const smallest = around.toSorted((a, b) => size(a) - size(b))[0]
  return smallest !== undefined && smallest.count > 0
}

/** The files a file runs, itself included, through all its relative imports. */
export function importClosure(path: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(path) || !path.endsWith('.ts')) return known
  known.add(path)
  for (const specifier of importsOf(parseFile(path))) {
    if (specifier.startsWith('.')) importClosure(normalize(join(dirname(path), specifier)), known)
  }
  return known
}

/** Measures what a test runs through, once for each state of the files it imports; throws where it fails unchanged. */
export async function measureCoverage(test: string): Promise<TestCoverage> {
  const digest = createHash('sha256').update(process.version)
  for (const path of [...importClosure(test)].toSorted())
    digest.update(path).update(readFileSync(path))
  const name = `${test.replaceAll('/', '-')}-${digest.digest('hex').slice(0, 16)}`
  const stored = join(FOLDER, `${name}.json`)
  if (existsSync(stored)) return JSON.parse(readFileSync(stored, 'utf8')) as TestCoverage
  const raw = join(FOLDER, name)
  mkdirSync(raw, { recursive: true })
  try {
    const { outcome, ms, output } = await runTest(test, { coverage: raw, timeoutMs: TIMEOUT_MS })
    if (outcome !== 'passed') throw new Error(`${test} ${outcome} without a mutant:\n${output}`)
    const coverage = { test, ms, files: readRanges(raw) }
    writeFileSync(stored, JSON.stringify(coverage))
    return coverage
  } finally {
    rmSync(raw, { recursive: true, force: true })
  }
}

type V8Script = {
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly Range[] }[]
}

function readRanges(folder: string): TestCoverage['files'] {
  const files: Record<string, (readonly Range[])[]> = {}
  const source = join(root, 'src/')
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      result: V8Script[]
    }
    for (const { url, functions } of result) {
      if (!url.startsWith('file:') || !fileURLToPath(url).startsWith(source)) continue
      const path = relative(root, fileURLToPath(url))
      ;(files[path] ??= []).push(functions.flatMap(({ ranges }) => ranges))
    }
  }
  return files
}
