import type { Judgement } from '../judging/index.ts'
import { tellFindings } from './findings.ts'
import { narrate, type Narrative } from './narrative.ts'
import { tellNote } from './notes.ts'
import { summarise } from './summary.ts'

/** All words of a judgement. */
export type Words = Narrative & {
  /** What changed, most telling first; empty when nothing did. */
  readonly findings: readonly string[]
}

/** Puts a judgement into words: a pure function, in a browser as anywhere, and the one source of every sentence. */
export function describe(judgement: Judgement): Words {
  const findings = tellFindings(judgement)
  const told = { ...judgement, findings, summary: summarise(judgement) }
  return { ...narrate({ ...told, notes: judgement.notes.map(tellNote) }), findings }
}
