import pico from 'picocolors'
import type { Severity, Verdict } from '../detector/index.ts'
import { visibleText } from './markup.ts'
import { type Answer, describeSkipped, narrate } from './narrative.ts'
import { formatChange, formatCountOf, formatInterval, formatNumber } from './number-format.ts'
import { wrapText } from './text-layout.ts'

export type TerminalReportOptions = {
  readonly color: boolean
  /** Columns of the terminal; lines are at most this long, and never longer than 100. */
  readonly width: number
  /** Where the HTML report was written, if it was. */
  readonly reportPath?: string
}

type Colours = ReturnType<typeof pico.createColors>

const LABEL_WIDTH = 14
const FINDINGS_SHOWN = 5

/** The verdict for a terminal: in words first, then the numbers, then where to look; ends with a newline. */
export function renderTerminalReport(verdict: Verdict, options: TerminalReportOptions): string {
  const colours = pico.createColors(options.color)
  const width = Math.max(40, Math.min(100, options.width))
  const narrative = narrate(verdict)
  const badge = paintSeverity(colours, verdict.severity)
  const findings =
    verdict.findings.length > 0
      ? verdict.findings.slice(0, FINDINGS_SHOWN)
      : [narrative.whatChanged.lead]
  const unseen = verdict.findings.length - findings.length
  const blocks: [label: string, lines: readonly string[]][] = [
    ['What changed', [...findings, ...(unseen > 0 ? [`and ${unseen} more`] : [])]],
    ['How sure', sentences(narrative.howSure)],
    ['How bad', sentences({ ...narrative.howBad, more: narrative.howBad.more.slice(0, 1) })],
    ['Loss', [lossLine(verdict)]],
    ['Images', [`${formatCountOf(verdict.count, 'image')} checked, ${describeSkipped(verdict)}`]],
    ['Note', verdict.notes],
    ['Next', [...sentences(narrative.next), lookAt(options.reportPath)]],
  ]
  const head = [
    `${badge(narrative.label.toUpperCase())}  ${colours.bold(narrative.headline)}`,
    ...wrapText(visibleLine(verdict.summary), width),
  ]
  const body = blocks
    .filter(([, lines]) => lines.length > 0)
    .flatMap(([label, lines]) => labelled(colours.dim(label.padEnd(LABEL_WIDTH)), lines, width))
  return `${head.join('\n')}\n\n${body.join('\n')}\n`
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

function sentences({ lead, more }: Answer): string[] {
  return [lead, ...more]
}

function lossLine({ loss }: Verdict): string {
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
  const wrapped = lines.flatMap((line) => wrapText(visibleLine(line), width - LABEL_WIDTH))
  return wrapped.map((line, i) => (i === 0 ? label : ' '.repeat(LABEL_WIDTH)) + line)
}

/** Names in a batch must not move the cursor or paint the screen. */
function visibleLine(text: string): string {
  return visibleText(text.replace(/[\t\r\n]+/g, ' '))
}
