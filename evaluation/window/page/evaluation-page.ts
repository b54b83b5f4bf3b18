import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { describeOrigin } from '../../harness/describe-origin.ts'
import type { StoredResult } from '../../harness/result-store.ts'
import { GRID_NAMES } from '../grids.ts'
import { gridSection, missingDigitsTable } from './grid-section.ts'
import { sizeOf, table } from '../../harness/markdown.ts'

/** The page as Markdown, and the pictures it shows by file name. */
export type EvaluationPage = {
  readonly page: string
  readonly charts: ReadonlyMap<string, string>
}

const HEAD = `# Evaluation of the window test

Made from the stored results by \`npm run docs:evaluation\`. Every method sees the same windows; figures marked as published are taken from papers and were not measured here.

How it is done: the 70,000 digits of MNIST are pooled and reshuffled for each seed; models learn from 50,000, the clean reference is another 10,000, and windows are drawn from the last 10,000, in which a share of the images is changed. Tables give the share of windows rejected at level .05; † marks power that comes with more false alarms than that level allows (the 95% interval of the false-alarm rate lies above it). A reference as large as the window is what papers compare on, and each window then has one of its own; a reference of 10,000 images is what a running detector has, and all windows of a shuffle share it: their intervals and standard errors are over windows and say nothing of other references. How false alarms spread over references is the first table; power at the level that a detector has by default, without a classifier, is in [benchmarks.md](benchmarks.md#what-a-default-user-has).`

/** Everything from the results of `evaluation/results`, by name. */
export function evaluationPage(
  results: ReadonlyMap<string, StoredResult>,
  present: Fingerprint,
): EvaluationPage {
  const charts = new Map<string, string>()
  const sections = [HEAD]
  const falseAlarms = results.get('omnibus-false-alarms')
  if (falseAlarms !== undefined) sections.push(falseAlarmSection(falseAlarms, present))
  for (const grid of GRID_NAMES) {
    const result = results.get(`window-${grid}`)
    if (result === undefined) continue
    const section = gridSection(grid, result, present)
    sections.push(section.text)
    if (grid === 'mmdagg-q') sections.push(missingDigitsTable(result))
    for (const [file, chart] of section.charts) charts.set(file, chart)
  }
  return { page: `${sections.join('\n\n')}\n`, charts }
}

type Rates = Readonly<Record<string, number | readonly [number, number]>>

function falseAlarmSection(result: StoredResult, present: Fingerprint): string {
  const modes = result.figures as Readonly<Record<string, Readonly<Record<string, Rates>>>>
  const parts = Object.entries(modes).map(([mode, bySize]) =>
    [
      mode === 'fast'
        ? '**Fast mode**, null drawn from the reference once:'
        : '**Exact mode**, null drawn for every window:',
      table(
        [
          'images in a window',
          'at .05',
          'at .01',
          'windows',
          'references',
          'their 95th percentile at .05',
        ],
        Object.entries(bySize).map(([key, rates]) => [
          String(sizeOf(key)),
          withInterval(rates, 0.05),
          withInterval(rates, 0.01),
          String(rates['windows'] as number),
          String(rates['references'] as number),
          precise(rates['at 0.05, 95th percentile of references'] as number),
        ]),
      ),
    ].join('\n\n'),
  )
  return [
    '## False alarms of the window test',
    describeOrigin(result, present),
    'A reference that is used again and again has a false-alarm rate of its own; the last column says how far those rates spread, beyond what the number of windows explains. Windows of at most a twentieth of the reference (500 images) are recommended.',
    ...parts,
  ].join('\n\n')
}

function withInterval(rates: Rates, level: number): string {
  const [low, high] = rates[`at ${level}, interval`] as readonly [number, number]
  const rate = rates[`at ${level}`] as number
  return `${precise(rate)} [${precise(low)}, ${precise(high)}]`
}

function precise(value: number): string {
  return value.toFixed(3).replace(/^0/, '')
}
