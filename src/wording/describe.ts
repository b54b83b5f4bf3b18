import type { Judgement, Words } from '../verdict/index.ts'
import { headline, howBad, howSure, severityLabel, whatChanged } from './answers.ts'
import { tellFindings } from './findings.ts'
import { nextSteps } from './next-steps.ts'
import { tellNotes } from './notes.ts'
import { summarise } from './summary.ts'
import { sentence } from './text-layout.ts'
import { deriveScore, deriveThreshold } from './threshold-words.ts'

/** Puts a judgement into words: a pure function, in a browser as anywhere, and the one source of every sentence. */
export function describe(judgement: Judgement): Words {
  const findings = tellFindings(judgement)
  return {
    label: severityLabel(judgement.severity),
    headline: headline(judgement),
    summary: sentence(summarise(judgement)),
    findings,
    whatChanged: whatChanged(judgement, findings),
    howSure: howSure(judgement),
    howBad: howBad(judgement),
    next: nextSteps(judgement),
    notes: tellNotes(judgement).map(sentence),
    threshold: deriveThreshold(judgement),
    score: deriveScore(judgement),
  }
}
