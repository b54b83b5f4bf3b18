import type { Mutant } from './change.ts'
import { covers, type TestCoverage } from './coverage.ts'
import { runTest } from './run-test.ts'

/** `uncovered`: no test runs its place, so none was run. */
export type Fate = 'killed' | 'timed out' | 'survived' | 'uncovered'

export type Judged = { readonly mutant: Mutant; readonly fate: Fate; readonly killer?: string }

/** A test that takes a processor this much longer than it took unchanged hangs. */
const SLOWDOWN = 4
const GRACE_SECONDS = 4
/** So does one that only waits; much longer, since others may keep the machine busy. */
const PATIENCE_MS = 300_000

/** How often a test was run on mutants of a file, and how often it killed them; by file and test. */
type Experience = Map<string, { readonly tried: number; readonly killed: number }>

/**
 * Runs the tests that run through the mutant's place until one fails: first those that are quick, or have killed other
 * mutants of the file.
 */
export async function judgeMutant(
  mutant: Mutant,
  tests: readonly TestCoverage[],
  experience: Experience = new Map(),
): Promise<Judged> {
  const key = ({ test }: TestCoverage) => `${mutant.path} ${test}`
  const promise = (test: TestCoverage) => {
    const { tried, killed } = experience.get(key(test)) ?? { tried: 0, killed: 0 }
    return (killed + 1) / (tried + 2) / test.ms
  }
  const covering = tests
    .filter((test) => covers(test, mutant))
    .toSorted((a, b) => promise(b) - promise(a))
  if (covering.length === 0) return { mutant, fate: 'uncovered' }
  for (const test of covering) {
    const { outcome } = await runTest(test.test, {
      mutant,
      processorSeconds: Math.ceil((SLOWDOWN * test.ms) / 1000) + GRACE_SECONDS,
      timeoutMs: 20 * SLOWDOWN * test.ms + PATIENCE_MS,
    })
    const { tried, killed } = experience.get(key(test)) ?? { tried: 0, killed: 0 }
    const isKilled = outcome !== 'passed'
    experience.set(key(test), { tried: tried + 1, killed: killed + (isKilled ? 1 : 0) })
    if (isKilled) {
      return { mutant, fate: outcome === 'failed' ? 'killed' : 'timed out', killer: test.test }
    }
  }
  return { mutant, fate: 'survived' }
}

export type JudgeOptions = {
  /** Mutants at a time. */
  readonly workers: number
  /** Ids of mutants that are known to survive: they are taken at their word. */
  readonly explained: { has(id: string): boolean }
  readonly onJudged: (judged: Judged) => void
}

/** Judges all and tells of each as it is done. */
export async function judgeAll(
  mutants: readonly Mutant[],
  tests: readonly TestCoverage[],
  { workers, explained, onJudged }: JudgeOptions,
): Promise<Judged[]> {
  const results: Judged[] = []
  const experience: Experience = new Map()
  const waiting = mutants.entries()
  const work = async () => {
    for (const [i, mutant] of waiting) {
      const judged: Judged = explained.has(mutant.id)
        ? { mutant, fate: 'survived' }
        : await judgeMutant(mutant, tests, experience)
      results[i] = judged
      onJudged(judged)
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return results
}
