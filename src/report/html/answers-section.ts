import { markup, type Markup } from '../../charts/index.ts'
import type { Answer, Words } from '../../verdict/index.ts'
import { keepEquations } from '../../wording/index.ts'

const FINDINGS_SHOWN = 4

/** What changed, how sure, how bad, what to do next; cautions below. */
export function answersSection(words: Words): Markup {
  return markup`<div class="answers">
${answer('What changed', shorten(words.whatChanged), 'steps')}
${answer('How sure', words.howSure)}
${answer('How bad', words.howBad)}
${answer('What to do next', words.next, 'steps')}
</div>
${words.notes.length === 0 ? null : notes(words.notes)}`
}

function answer(question: string, { lead, more }: Answer, style?: 'steps'): Markup {
  const points = more.map((point) => markup`<li>${keepEquations(point)}</li>`)
  return markup`<section><h2>${question}</h2><p class="lead">${keepEquations(lead)}</p>${
    points.length === 0 ? null : markup`<ul class="${style ?? 'plain'}">${points}</ul>`
  }</section>`
}

function notes(lines: readonly string[]): Markup {
  return markup`<aside class="notes" aria-labelledby="notes"><h2 id="notes">Please note</h2><ul>${lines.map(
    (line) => markup`<li>${line}</li>`,
  )}</ul></aside>`
}

function shorten({ lead, more }: Answer): Answer {
  const left = more.length - FINDINGS_SHOWN
  const rest = left > 0 ? [`And ${left} more, in the numbers below.`] : []
  return { lead, more: [...more.slice(0, FINDINGS_SHOWN), ...rest] }
}
