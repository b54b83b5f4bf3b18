import type { Severity } from '../../verdict/index.ts'
import { drawDecisionScale, markup, type Markup, trusted } from '../../charts/index.ts'
import { decisionScale } from '../chart-data.ts'
import { keepEquations } from '../../wording/index.ts'
import type { ReportData } from '../report-data.ts'
import { responsiveChart } from './responsive-chart.ts'

/** The verdict in words, and where it stands against its threshold. */
export function verdictBanner({ verdict: { judgement, words } }: ReportData): Markup {
  const decision = decisionScale(judgement)
  const scale =
    decision &&
    responsiveChart('decision', (options) => drawDecisionScale(decision, options), [998, 328])
  return markup`<section class="verdict" aria-labelledby="headline">
<p class="badge">${badgeIcon(judgement.severity)}${words.label}</p>
<h1 id="headline">${words.headline}</h1>
<p class="summary">${keepEquations(words.summary)}</p>
${scale === null ? null : markup`<div class="scale">${scale}</div>`}
</section>`
}

const ICON_PATHS: Readonly<Record<Severity, string>> = {
  ok: 'M5.5 10.4l3 3 6-6.6',
  warning: 'M10 5.6v5.6M10 14.2v.2',
  drift: 'M4.6 12.6c2-5.2 4-5.2 5.4-2.6s3.4 2.6 5.4-2.6',
  'insufficient-data': 'M5.6 10h.1M10 10h.1M14.4 10h.1',
}

/** Shape as well as colour, so that the badge reads without either. */
function badgeIcon(severity: Severity): Markup {
  return trusted(
    `<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="10" fill="var(--tone)"/><path d="${ICON_PATHS[severity]}" fill="none" stroke="var(--tint)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
  )
}
