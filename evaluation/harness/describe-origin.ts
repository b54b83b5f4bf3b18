import type { Fingerprint, ProductPart } from '../fingerprint/fingerprint.ts'
import { formatDuration } from './progress.ts'
import { outdatedParts } from './provenance.ts'
import type { StoredResult } from './result-store.ts'

/** What a reader calls the parts. */
const PART_NAMES: Readonly<Record<ProductPart, string>> = {
  features: 'the numbers measured of an image',
  tests: 'the test',
  verdicts: 'the verdict',
  streams: 'the test of streams',
}

/** The command, the day, the code and the time behind a result, and a warning where they don't stand for the present product. */
export function describeOrigin(result: StoredResult, present: Fingerprint): string {
  const { command, provenance } = result
  if (provenance === undefined) {
    const day = result.date.slice(0, 10)
    return `\`${command}\`, stored ${day}.\n\n⚠ **From before results kept their origin**: which code and how much measuring stand behind these figures is not known.`
  }
  const { from, to, commits, clean, measuredSeconds } = provenance
  const days = [...new Set([from.slice(0, 10), to.slice(0, 10)])].join(' to ')
  const code = clean ? `commit ${commits[0].slice(0, 7)}` : `commits ${commits.join(', ')}`
  const line = `\`${command}\`, ${days}, ${code}, ${formatDuration(measuredSeconds)} of measuring.`
  return [line, ...warnings(result, present)].join('\n\n')
}

/** Is the result of one clean commit, whose numbers the product still computes? */
export function isOfPresentProduct({ provenance }: StoredResult, present: Fingerprint): boolean {
  return (
    provenance !== undefined && provenance.clean && outdatedParts(provenance, present).length === 0
  )
}

function warnings({ provenance }: StoredResult, present: Fingerprint): string[] {
  if (provenance === undefined) return []
  const changed = outdatedParts(provenance, present).map((part) => PART_NAMES[part])
  return [
    ...(changed.length === 0
      ? []
      : [
          `⚠ **Older than the present product**: since then ${changed.join(' and ')} changed, so that a run today may give other figures.`,
        ]),
    ...(provenance.clean
      ? []
      : ['⚠ **Not of one clean commit**: `+` marks code with changes that were not committed.']),
  ]
}
