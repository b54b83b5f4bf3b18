import { drawTrainingCurve, type Markup, markup } from '../../charts/index.ts'
import type { ImageScore } from '../../judging/index.ts'
import type {
  CategoryEvidence,
  ClassShare,
  FeatureEvidence,
  Judgement,
  QuantityEvidence,
  Verdict,
} from '../../verdict/index.ts'
import {
  classTitle,
  countSkipped,
  describeReasons,
  describeVersions,
  explainThreshold,
  formatCount,
  formatCountOf,
  formatEffect,
  formatMoment,
  formatNumber,
  formatPercent,
  formatPValue,
  formatRate,
  formatShare,
  groupTitle,
  isSignificant,
} from '../../wording/index.ts'
import type { ReportData } from '../report-data.ts'
import { dataTable, type TableColumn } from './data-table.ts'
import { responsiveChart } from './responsive-chart.ts'

/** Rows of the tables of single images; the JSON report lists all of them. */
const UNUSUAL_ROWS = 20
const SKIPPED_ROWS = 100

/** Everything else, folded away: tables, threshold, training, provenance, words. */
export function detailsSection(data: ReportData): Markup {
  const { verdict, scores, training } = data
  const { judgement } = verdict
  return markup`<section class="chapter" aria-labelledby="details">
<h2 id="details">Details</h2>
<div class="details">
${judgement.features.length === 0 ? null : disclosure('All features', formatCountOf(judgement.features.length, 'feature'), featureTable(judgement))}${classTables(judgement)}
${scores.length === 0 ? null : disclosure('Most unusual images', unusualAside(scores), unusualTable(scores, judgement))}
${disclosure('Skipped images', countSkipped(judgement) === 0 ? 'none' : formatCount(countSkipped(judgement)), skippedTable(judgement))}
${disclosure('How the threshold came about', thresholdAside(judgement), thresholdBody(verdict))}
${training.history.length === 0 ? null : disclosure('How the autoencoder was trained', trainingAside(data), trainingBody(data))}
${disclosure('Provenance', `detector ${verdict.detector.id}`, provenance(data))}
${disclosure('What the words mean', '', glossary())}
</div>
</section>`
}

function disclosure(title: string, aside: string, body: Markup): Markup {
  return markup`<details><summary>${title}<span class="aside">${aside}</span></summary><div class="body">${body}</div></details>
`
}

const FEATURE_COLUMNS: readonly TableColumn<FeatureEvidence>[] = [
  { heading: 'feature', cell: ({ title }) => title },
  { heading: 'family', cell: ({ group }) => groupTitle(group) },
  quantityColumn('reference mean', ({ referenceMean }) => formatNumber(referenceMean)),
  quantityColumn('batch mean', ({ batchMean }) => formatNumber(batchMean)),
  quantityColumn('Hedges g', ({ hedgesG }) => formatEffect(hedgesG)),
  quantityColumn('AUC', ({ auc }) => formatNumber(auc, 2)),
  {
    heading: 'changed',
    numeric: true,
    cell: (row) => formatShare(row.changedShare),
  },
  { heading: 'p', numeric: true, cell: ({ pValue }) => formatPValue(pValue) },
  {
    heading: 'adjusted p',
    numeric: true,
    cell: ({ adjustedPValue }) => formatPValue(adjustedPValue),
  },
]

/** What only numbers have: of categories there is nothing to say. */
function quantityColumn(
  heading: string,
  cell: (feature: QuantityEvidence) => string,
): TableColumn<FeatureEvidence> {
  return {
    heading,
    numeric: true,
    cell: (feature) => (feature.kind === 'category' ? '–' : cell(feature)),
  }
}

const CLASS_COLUMNS: readonly TableColumn<ClassShare>[] = [
  { heading: 'class', cell: classTitle },
  { heading: 'reference', numeric: true, cell: ({ reference }) => formatPercent(reference) },
  { heading: 'batch', numeric: true, cell: ({ batch }) => formatPercent(batch) },
]

/** A table of class shares for each feature that is a name. */
function classTables({ features }: Judgement): Markup[] {
  return features
    .filter((feature): feature is CategoryEvidence => feature.kind === 'category')
    .map(({ title, shares }) =>
      disclosure(
        `Shares of the ${title}`,
        formatCountOf(shares.length, 'class', 'classes'),
        dataTable(`Shares of the ${title}`, CLASS_COLUMNS, { rows: shares }),
      ),
    )
}

function featureTable({ features }: Judgement): Markup {
  return dataTable('All features', FEATURE_COLUMNS, {
    rows: features,
    isWeak: (feature) => !isSignificant(feature),
  })
}

function unusualAside(images: readonly ImageScore[]): string {
  const total = formatCount(images.length)
  return images.length > UNUSUAL_ROWS ? `${UNUSUAL_ROWS} of ${total}` : total
}

function unusualTable(images: readonly ImageScore[], { count }: Judgement): Markup {
  const rows = images.toSorted((a, b) => b.score - a.score).slice(0, UNUSUAL_ROWS)
  const whole =
    images.length < count
      ? `Of ${formatCount(count)} images a random sample of ${formatCount(images.length)} was kept; their scores are in the JSON report.`
      : 'Every image’s score is in the JSON report.'
  const columns: TableColumn<ImageScore>[] = [
    { heading: 'image', cell: ({ record }) => record.id },
    { heading: 'score', numeric: true, cell: ({ score }) => formatNumber(score) },
    {
      heading: 'rarity in the reference',
      numeric: true,
      cell: ({ pValue }) => formatRarity(pValue),
    },
    { heading: 'loss', numeric: true, cell: ({ loss }) => formatNumber(loss) },
    { heading: 'excess loss', numeric: true, cell: ({ excessLoss }) => formatNumber(excessLoss) },
    ...optionalColumn(rows, 'label', ({ record }) => record.label),
    ...optionalColumn(rows, 'prediction', ({ record }) => record.prediction),
    ...optionalColumn(rows, 'time', ({ record }) => record.timestamp),
  ]
  return markup`<p>${whole}</p>${dataTable('Most unusual images', columns, { rows })}`
}

/** `1 in 2,500` reads better than 0.04% and does not round to zero. */
function formatRarity(share: number): string {
  return share >= 0.01
    ? `${Math.round(share * 100)}%`
    : `1 in ${formatCount(Number((1 / share).toPrecision(2)))}`
}

function optionalColumn(
  rows: readonly ImageScore[],
  heading: string,
  value: (row: ImageScore) => string | undefined,
): TableColumn<ImageScore>[] {
  return rows.some((row) => value(row) !== undefined)
    ? [{ heading, cell: (row) => value(row) ?? '–' }]
    : []
}

function skippedTable(judgement: Judgement): Markup {
  const { skipped } = judgement
  const total = countSkipped(judgement)
  if (total === 0) return markup`<p>Every image could be read.</p>`
  const shown = skipped.slice(0, SKIPPED_ROWS)
  const table = dataTable(
    'Skipped images',
    [
      { heading: 'image', cell: ({ id }) => id },
      { heading: 'reason', cell: ({ message }) => message },
      { heading: 'code', cell: ({ code }) => code },
    ],
    { rows: shown },
  )
  return markup`${table}${total > shown.length ? markup`<p>${formatCount(total - shown.length)} more: ${describeReasons(judgement)} in all.</p>` : null}`
}

function thresholdAside({ threshold }: Judgement): string {
  return threshold.policy === 'relative' ? 'relative increase' : 'false-alarm rate'
}

function thresholdBody({ judgement, words }: Verdict): Markup {
  const { threshold, score } = judgement
  const method: [string, string][] =
    threshold.policy === 'relative'
      ? [['Largest tolerated rise', formatPercent(threshold.value)]]
      : [
          ['False-alarm rate', formatRate(threshold.value)],
          [
            'Mode',
            threshold.mode === 'exact'
              ? 'exact: this batch permuted with the reference'
              : 'fast: cleared by batches drawn from the reference; only what they don’t clear is tested exactly',
          ],
          ['Random draws', formatCount(threshold.draws)],
        ]
  return markup`<p>${explainThreshold(threshold)}</p><p>${words.threshold}</p>${pairs([
    ...method,
    ['Score', `${formatNumber(score)} (1 or more means the threshold was passed): ${words.score}`],
  ])}`
}

function trainingAside({ training }: ReportData): string {
  return formatCountOf(training.history.length, 'epoch')
}

function trainingBody({ training }: ReportData): Markup {
  return markup`<p>Parameters of epoch ${training.bestEpoch} were kept, where the validation loss was lowest.</p>${responsiveChart(
    'training',
    (options) => drawTrainingCurve(training, options),
    [880, 328],
  )}`
}

function describeReference({ location, available }: ReportData['reference']): string {
  return available === undefined ? location : `${location} (${formatCountOf(available, 'image')})`
}

/** How many images were learned from, and where they were. */
function describeLearning({ detector: { counts, location } }: Verdict): string {
  const { training, validation, available } = counts
  return `${formatCount(training)} for training, ${formatCount(validation)} for validation, of ${formatCountOf(available, 'image')} in ${location}`
}

function provenance({ verdict, reference }: ReportData): Markup {
  const { id, libraryVersion, fittedAt, seed, shape, counts } = verdict.detector
  return pairs([
    ['Batch', verdict.source.location],
    ...madeWhen(verdict.period),
    ['Checked', formatMoment(verdict.period.judgedAt)],
    ['With', describeVersions(verdict.versions)],
    ['Reference', describeReference(reference)],
    ['Learned from', describeLearning(verdict)],
    [
      'Held-out images',
      `${formatCount(counts.reference)}, used for the baseline and never for training`,
    ],
    ['Detector', id],
    [
      'Fitted',
      `${fittedAt === undefined ? '' : `${formatMoment(fittedAt)} `}by pixeldrift ${libraryVersion}`,
    ],
    ['Working shape', `${shape.join(' × ')} (channels × height × width)`],
    ['Seed', String(seed)],
  ])
}

function madeWhen({ from, to }: Verdict['period']): [string, string][] {
  if (from === null || to === null) return []
  return [
    [
      'Images made',
      from === to ? formatMoment(from) : `${formatMoment(from)} to ${formatMoment(to)}`,
    ],
  ]
}

const GLOSSARY: readonly (readonly [term: string, meaning: string])[] = [
  [
    'Reference',
    'The images the detector was fitted on. Baseline and thresholds come from a part held out from training.',
  ],
  ['Batch', 'The images that were checked together.'],
  [
    'Reconstruction loss',
    'How badly the autoencoder redraws an image: binary cross-entropy between image and reconstruction, mean over all values. Both a rise and a fall can be drift.',
  ],
  ['Excess loss', 'The loss beyond what the image’s own grey pixels make unavoidable.'],
  [
    'p-value',
    'How often a batch like the reference would differ at least as much by chance alone.',
  ],
  [
    'False-alarm rate',
    'The share of batches like the reference that would raise an alarm all the same.',
  ],
  [
    'Adjusted p',
    'A feature’s p-value after accounting for all the other features that were looked at (Holm).',
  ],
  [
    'Hedges g',
    'Difference of a feature’s means in units of its spread; says nothing of how bad the whole is.',
  ],
  [
    'AUC',
    'The chance that an image of the batch exceeds one of the reference; 0.5 is no difference.',
  ],
  [
    'Changed',
    'At least this share of the images differ, by this feature alone; at 95% that is true of all features at once. There is no upper bound: a mild change of every image can’t be told from a plain one of some.',
  ],
  [
    'How bad',
    'Slight below 0.25, moderate below 0.5, large below 1, very large from there: how far the learned features of an image (reconstruction, code, components) moved, in standard deviations of the reference, the mean over all images. It grows with how much an image changed and with how many did.',
  ],
  [
    'Score',
    'How unusual an image is; higher is more unusual. Its rarity is the share of reference images at least as unusual.',
  ],
]

function glossary(): Markup {
  return markup`<dl class="pairs glossary">${GLOSSARY.map(([term, meaning]) => markup`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl>`
}

function pairs(rows: readonly (readonly [name: string, value: string])[]): Markup {
  return markup`<dl class="pairs">${rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}
