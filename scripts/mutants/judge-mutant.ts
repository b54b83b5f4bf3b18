import type { Mutant } from './change.ts'
import { covers, type TestCoverage } from './coverage.ts'
import { runTest } from './run-test.ts'

/** `uncovered`: no test runs its place, so none was run. */
export type Fate = 'killed' | 'timed out' | 'survived' | 'uncovered'

export type Judged = { readonly mutant: Mutant; readonly fate: Fate; readonly killer?: string }

/** A test that takes a processor this much longer than it took unchanged, all waiting included, hangs. */
const SLOWDOWN = 4
const GRACE_SECONDS = 4
/** So does one that only waits; much longer, since others may keep the machine busy. */
const PATIENCE_MS = 300_000

/** Runs the tests that run through the mutant's place, the quickest first, until one fails. */
export async function judgeMutant(mutant: Mutant, tests: readonly TestCoverage[]): Promise<Judged> {
  const covering = tests.filter((test) => covers(test, mutant)).toSorted((a, b) => a.ms - b.ms)
  if (covering.length === 0) return { mutant, fate: 'uncovered' }
  for (const { test, ms } of covering) {
    const { outcome } = await runTest(test, {
      mutant,
      processorSeconds: Math.ceil((SLOWDOWN * ms) / 1000) + GRACE_SECONDS,
      timeoutMs: 2 * SLOWDOWN * ms + PATIENCE_MS,
    })
    if (outcome === 'failed') return { mutant, fate: 'killed', killer: test }
    if (outcome === 'timed out') return { mutant, fate: 'timed out', killer: test }
  }
  return { mutant, fate: 'survived' }
}

/** Judges all, `workers` at a time, and tells of each as it is done. */
export async function judgeAll(
  mutants: readonly Mutant[],
  tests: readonly TestCoverage[],
  { workers, onJudged }: { readonly workers: number; readonly onJudged: (judged: Judged) => void },
): Promise<Judged[]> {
  const results: Judged[] = []
  const waiting = mutants.entries()
  const work = async () => {
    for (const [i, mutant] of waiting) {
      const judged = await judgeMutant(mutant, tests)
      results[i] = judged
      onJudged(judged)
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return results
}
