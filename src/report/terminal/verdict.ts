import pico from 'picocolors'
import type { Judgement, Severity, Verdict } from '../../verdict/index.ts'
import {
  describeSkipped,
  describeVersions,
  formatChange,
  formatCount,
  formatInterval,
  formatMoment,
  formatNumber,
  visibleText,
  wrapText,
} from '../../wording/index.ts'

export type TerminalReportOptions = {
  /** Whether the text carries colours. */
  readonly color: boolean
  /** Columns of the terminal; lines are at most this long, and never longer than 100. */
  readonly width: number
  /** Where the HTML report was written, if it was. */
  readonly reportPath?: string | undefined
}

type Colours = ReturnType<typeof pico.createColors>

const LABEL_WIDTH = 14
const FINDINGS_SHOWN = 5

/** The verdict for a terminal: in words first, then the numbers, then where to look; ends with a newline. */
export function renderTerminalReport(verdict: Verdict, options: TerminalReportOptions): string {
  const colours = pico.createColors(options.color)
  const width = Math.max(40, Math.min(100, options.width))
  const { judgement, words } = verdict
  const badge = paintSeverity(colours, judgement.severity)
  const { whatChanged, howSure, howBad, next, notes, summary } = words
  const blocks: [label: string, lines: readonly string[]][] = [
    ['What changed', [whatChanged.lead, ...shorten(whatChanged.more)]],
    ['How sure', [`${howSure.lead} ${howSure.more[0] ?? ''}`, ...howSure.more.slice(1)]],
    ['How bad', judgement.features.length === 0 ? [] : [`${howBad.lead} ${howBad.more[0] ?? ''}`]],
    ['Loss', [lossLine(judgement)]],
    ['Images', [`${formatCount(judgement.count)} checked, ${describeSkipped(judgement)}`]],
    ['Checked', describeCheck(verdict)],
    ['Note', notes],
    ['Next', [next.lead, ...next.more.map(bullet), lookAt(options.reportPath)]],
  ]
  const head = [
    `${badge(words.label.toUpperCase())}  ${colours.bold(words.headline)}`,
    ...wrapText(visibleLine(summary), width),
  ]
  const body = blocks
    .filter(([, lines]) => lines.length > 0)
    .flatMap(([label, lines]) => labelled(colours.dim(label.padEnd(LABEL_WIDTH)), lines, width))
  return `${head.join('\n')}\n\n${body.join('\n')}\n`
}

function describeCheck({ period, versions, source, detector }: Verdict): string[] {
  const { id, fittedAt, location } = detector
  const fitted = fittedAt === undefined ? '' : `, fitted ${formatMoment(fittedAt)}`
  return [
    `${source.location}, ${formatMoment(period.judgedAt)}, by ${describeVersions(versions)}`,
    `Against ${location}: detector ${id}${fitted}`,
  ]
}

function paintSeverity(colours: Colours, severity: Severity): (text: string) => string {
  switch (severity) {
    case 'ok':
      return (text) => colours.bold(colours.green(text))
    case 'warning':
      return (text) => colours.bold(colours.yellow(text))
    case 'drift':
      return (text) => colours.bold(colours.red(text))
    case 'insufficient-data':
      return (text) => colours.bold(colours.blue(text))
  }
}

function shorten(findings: readonly string[]): string[] {
  const left = findings.length - FINDINGS_SHOWN
  const shown = findings.slice(0, FINDINGS_SHOWN).map(bullet)
  return left > 0 ? [...shown, `  and ${left} more`] : shown
}

function bullet(line: string): string {
  return `- ${line}`
}

function lossLine({ loss }: Judgement): string {
  if (loss === null) return 'not measured'
  const { baseline, mean, relativeIncrease } = loss
  return `${formatNumber(baseline)} → ${formatNumber(mean)}, ${formatChange(relativeIncrease.value)} (${formatInterval(relativeIncrease)})`
}

function lookAt(reportPath: string | undefined): string {
  return reportPath === undefined
    ? 'Pictures and charts: add --report report.html.'
    : `Pictures and charts: ${reportPath}`
}

/** A label in the margin, its lines wrapped beside it. */
function labelled(label: string, lines: readonly string[], width: number): string[] {
  const wrapped = lines.flatMap((line) => wrapItem(visibleLine(line), width - LABEL_WIDTH))
  return wrapped.map((line, i) => (i === 0 ? label : ' '.repeat(LABEL_WIDTH)) + line)
}

/** Wraps a line; one that begins with a bullet hangs beside it. */
function wrapItem(line: string, width: number): string[] {
  if (!line.startsWith('- ')) return wrapText(line, width)
  return wrapText(line.slice(2), width - 2).map((part, i) => (i === 0 ? '- ' : '  ') + part)
}

/** Names in a batch must not move the cursor or paint the screen. */
function visibleLine(text: string): string {
  return visibleText(text.replace(/[\t\r\n]+/g, ' '))
}
