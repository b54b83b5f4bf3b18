import { markup, type Markup } from '../markup.ts'
import type { Answer, Narrative } from '../narrative.ts'
import type { ReportData } from '../report-data.ts'

/** What changed, how sure, how bad, what to do next; cautions below. */
export function answersSection({ verdict }: ReportData, narrative: Narrative): Markup {
  return markup`<div class="answers">
${answer('What changed', narrative.whatChanged)}
${answer('How sure', narrative.howSure)}
${answer('How bad', narrative.howBad)}
${answer('What to do next', narrative.next, 'steps')}
</div>
${verdict.notes.length === 0 ? null : notes(verdict.notes)}`
}

function answer(question: string, { lead, more }: Answer, style?: 'steps'): Markup {
  const points = more.map((point) => markup`<li>${unbroken(point)}</li>`)
  return markup`<section><h2>${question}</h2><p class="lead">${unbroken(lead)}</p>${
    points.length === 0 ? null : markup`<ul class="${style}">${points}</ul>`
  }</section>`
}

function notes(lines: readonly string[]): Markup {
  return markup`<aside class="notes" aria-labelledby="notes"><h2 id="notes">Please note</h2><ul>${lines.map(
    (line) => markup`<li>${line}</li>`,
  )}</ul></aside>`
}

/** Keeps equations on one line. */
function unbroken(sentence: string): string {
  return sentence.replace(/ ([=≤≥<>]) /g, '\u00a0$1\u00a0')
}
