import type { Judgement } from '../../verdict/index.ts'
import {
  drawFeatureEffects,
  drawGroupEvidence,
  drawLossDistribution,
  markup,
  type Markup,
} from '../../charts/index.ts'
import { effectRow, groupRow } from '../chart-data.ts'
import {
  countSkipped,
  describeReasons,
  formatChange,
  formatCount,
  formatCountOf,
  formatFrequency,
  formatInterval,
  formatNumber,
  formatPValue,
  formatRate,
} from '../../wording/index.ts'
import type { ReportData } from '../report-data.ts'
import { responsiveChart } from './responsive-chart.ts'

/** Features drawn in the chart; the rest are in the table of the details. */
const CHARTED_FEATURES = 10

/** Key figures, loss distribution, evidence by feature and by family. */
export function numbersSection(data: ReportData): Markup {
  return markup`<section class="chapter" aria-labelledby="numbers">
<h2 id="numbers">The numbers</h2>
${keyFigures(data)}
${lossCard(data)}
${featureCard(data.verdict.judgement)}
${groupCard(data.verdict.judgement)}
</section>`
}

function keyFigures({ verdict: { judgement }, reference }: ReportData): Markup {
  const { loss, count } = judgement
  const skipped = countSkipped(judgement)
  const change = loss?.relativeIncrease
  return markup`<dl class="figures">
${decisionFigure(judgement)}
${keyFigure(
  'Change of the mean loss',
  change === undefined ? '–' : formatChange(change.value),
  loss === null || change === undefined
    ? 'not measured'
    : `${formatNumber(loss.baseline)} → ${formatNumber(loss.mean)}, ${formatInterval(change)}`,
)}
${keyFigure('Images checked', formatCount(count), `against ${formatCountOf(reference.count, 'held-out reference image')}`)}
${keyFigure('Images skipped', formatCount(skipped), skipped > 0 ? describeReasons(judgement) : 'every image could be read')}
</dl>`
}

function decisionFigure({ threshold, pValue }: Judgement): Markup {
  if (threshold.policy === 'relative') {
    return keyFigure(
      'Limit',
      formatChange(threshold.value),
      'largest tolerated rise of the mean loss',
    )
  }
  return keyFigure(
    'p-value',
    pValue === null ? '–' : formatPValue(pValue),
    `alarm at ${formatRate(threshold.value)} or less: about ${formatFrequency(threshold.value)} batches like the reference`,
  )
}

function keyFigure(name: string, value: string, note: string): Markup {
  return markup`<div><dt>${name}</dt><dd class="value">${value}</dd><dd class="note">${note}</dd></div>`
}

function lossCard({ verdict, scores, referenceLosses }: ReportData): Markup | null {
  const { loss, count } = verdict.judgement
  if (loss === null || scores.length === 0) return null
  const batch = scores.map((image) => image.loss)
  const chart = responsiveChart('loss', (options) =>
    drawLossDistribution(
      { reference: referenceLosses, batch, batchCount: count, comparison: loss },
      options,
    ),
  )
  return markup`<section class="card" aria-labelledby="loss-heading">
<h3 id="loss-heading">Reconstruction loss, image by image</h3>
<p class="intro">Vertical lines are means, dots medians; the bar below each curve spans the middle 90% of the images. Curves are scaled to equal height.</p>
${chart}
</section>`
}

function featureCard({ features }: Judgement): Markup | null {
  if (features.length === 0) return null
  const shown = features.slice(0, CHARTED_FEATURES)
  const rest = features.length - shown.length
  const more = rest > 0 ? ` ${formatCountOf(rest, 'more feature')} in the details below.` : ''
  return markup`<section class="card" aria-labelledby="features-heading">
<h3 id="features-heading">What moved, and how far</h3>
<p class="intro">Filled dots are changes that chance does not explain (adjusted p ≤ 0.05). Distances are in units of the feature’s own spread; inside the grey band the two nearly coincide.${more}</p>
${responsiveChart('features', (options) => drawFeatureEffects(shown.map(effectRow), options))}
</section>`
}

function groupCard({ groups }: Judgement): Markup | null {
  if (groups.length === 0) return null
  return markup`<section class="card" aria-labelledby="groups-heading">
<h3 id="groups-heading">Evidence by family of features</h3>
<p class="intro">Each family is tested as a whole. The verdict’s own p-value already accounts for looking at all of them.</p>
${responsiveChart('groups', (options) => drawGroupEvidence(groups.map(groupRow), options))}
</section>`
}
