import { globSync, readFileSync } from 'node:fs'
import type { Mutant } from './change.ts'

/** A mutant no test can or need kill, and why. */
export type Explanation = {
  readonly id: string
  /** Where it is, for the reader; the id decides. */
  readonly at: string
  readonly change: string
  readonly reason: string
}

/** Every explanation in `test/mutants/explained/`, by id; throws where one has no reason or stands twice. */
export function readExplanations(): ReadonlyMap<string, Explanation> {
  const explained = new Map<string, Explanation>()
  for (const path of globSync('test/mutants/explained/*.json').toSorted()) {
    for (const explanation of JSON.parse(readFileSync(path, 'utf8')) as Explanation[]) {
      const { id, reason } = explanation
      if (reason.trim() === '') throw new Error(`${path}: ${id} has no reason`)
      if (explained.has(id)) throw new Error(`${path}: ${id} stands twice`)
      explained.set(id, explanation)
    }
  }
  return explained
}

/** What stands where a mutant is and what instead, on one line. */
export function describeChange({ original, text }: Mutant): string {
  return `${original} → ${text}`.replaceAll(/\s+/g, ' ')
}
