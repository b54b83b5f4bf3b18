import pico from 'picocolors'
import type { Rehearsal, RehearsedChange } from '../../verdict/index.ts'
import {
  describeRehearsal,
  describeWatch,
  imagesOf,
  openTitle,
  renderTable,
  sentence,
  visibleText,
  wrapText,
} from '../../wording/index.ts'
import type { TerminalReportOptions } from './verdict.ts'

/** A rehearsal for a terminal; ends with a newline. */
export function renderTerminalRehearsal(
  rehearsal: Rehearsal,
  { color, width, reportPath }: TerminalReportOptions,
): string {
  const colours = pico.createColors(color)
  const room = Math.max(40, Math.min(100, width))
  const { headline, summary, told, missed, notes } = describeRehearsal(rehearsal)
  const lines = (texts: readonly string[]): string[] =>
    texts.flatMap((text) => wrapText(visibleText(text), room))
  const blocks = [
    [colours.bold(headline), ...lines([summary])],
    [colours.dim('What you would have been told'), ...lines(told)],
    ...rehearsal.settings.shares.map((share) => foundBlock(rehearsal, share, colours.dim)),
    missed.length === 0
      ? []
      : [colours.dim('You would miss'), ...lines(missed.map((one) => `· ${sentence(one)}`))],
    lines(notes),
    reportPath === undefined
      ? lines(['With pictures: add --report rehearsal.html'])
      : lines([`With pictures: ${reportPath}`]),
  ]
  const shown = blocks.filter((block) => block.length > 0)
  return `${shown.map((block) => block.join('\n')).join('\n\n')}\n`
}

function foundBlock(
  { changes, settings }: Rehearsal,
  share: number,
  dim: (text: string) => string,
): string[] {
  if (changes.length === 0) return []
  const rows = changes.flatMap((change: RehearsedChange) => {
    const watched = change.shares.find((one) => one.share === share)
    if (watched === undefined) return []
    return [
      [
        `  ${openTitle(change)}`,
        describeWatch(change, watched.stream, 'stream'),
        describeWatch(change, watched.batches, 'batches'),
      ],
    ]
  })
  const head = ['', 'as a stream', `in batches of ${settings.batchSize}`]
  return [
    dim(`What is found in ${imagesOf(share)}, with 95% intervals`),
    renderTable([head, ...rows]),
  ]
}
