import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './change.ts'
import { root, runTest } from './run-test.ts'
import { importsOf, parseFile } from './syntax.ts'

type Range = { readonly startOffset: number; readonly endOffset: number; readonly count: number }

/** A function's range and those inside it that ran more or less often; V8 loses count of what follows an await. */
type CoveredFunction = { readonly ranges: readonly Range[]; readonly awaits: boolean }

/** What one test file runs through: for each process it starts, the functions of each source file. */
export type TestCoverage = {
  readonly test: string
  /** What it takes of a processor. */
  readonly ms: number
  readonly files: Readonly<Record<string, readonly (readonly CoveredFunction[])[]>>
}

const FOLDER = 'out/mutants'
const TIMEOUT_MS = 600_000

/** Whether the place of a mutant was run, or may have been. */
export function covers({ files }: TestCoverage, { path, start, end }: Mutant): boolean {
  return (files[path] ?? []).some((functions) => {
    const around = smallestAround(functions, ({ ranges }) => ranges[0], start, end)
    if (around === undefined || around.awaits) return (around?.ranges[0].count ?? 0) > 0
    const range = smallestAround(around.ranges, (own) => own, start, end)
    return range !== undefined && range.count > 0
  })
}

/** Ranges are nested; the smallest around a place says how often that place was run. */
function smallestAround<T>(
  all: readonly T[],
  rangeOf: (one: T) => Range,
  ...[start, end]: readonly [number, number]
): T | undefined {
  const size = (one: T) => rangeOf(one).endOffset - rangeOf(one).startOffset
  return all
    .filter((one) => rangeOf(one).startOffset <= start && end <= rangeOf(one).endOffset)
    .toSorted((a, b) => size(a) - size(b))[0]
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
  const digest = createHash('sha256').update(`${process.version} functions, processor`)
  for (const path of [...importClosure(test)].toSorted())
    digest.update(path).update(readFileSync(path))
  const name = `${test.replaceAll('/', '-')}-${digest.digest('hex').slice(0, 16)}`
  const stored = join(FOLDER, `${name}.json`)
  if (existsSync(stored)) return JSON.parse(readFileSync(stored, 'utf8')) as TestCoverage
  const raw = join(FOLDER, name)
  mkdirSync(raw, { recursive: true })
  try {
    const {
      outcome,
      processorMs: ms,
      output,
    } = await runTest(test, { coverage: raw, timeoutMs: TIMEOUT_MS })
    if (outcome !== 'passed') throw new Error(`${test} ${outcome} without a mutant:\n${output}`)
    const coverage = { test, ms, files: readFunctions(raw) }
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

function readFunctions(folder: string): TestCoverage['files'] {
  const files: Record<string, (readonly CoveredFunction[])[]> = {}
  const source = join(root, 'src/')
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      result: V8Script[]
    }
    for (const { url, functions } of result) {
      if (!url.startsWith('file:') || !fileURLToPath(url).startsWith(source)) continue
      const path = relative(root, fileURLToPath(url))
      const text = readFileSync(path, 'utf8')
      const covered = functions.map(({ ranges }) => {
        const [{ startOffset, endOffset }] = ranges
        return { ranges, awaits: /\bawait\b/.test(text.slice(startOffset, endOffset)) }
      })
      ;(files[path] ??= []).push(covered)
    }
  }
  return files
}
