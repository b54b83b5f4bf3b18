import type { Fingerprint } from '../../evaluation/fingerprint/fingerprint.ts'
import type { Invocation } from '../../evaluation/harness/command.ts'
import { discover, pick } from '../../evaluation/harness/discover.ts'
import { parseOptions } from '../../evaluation/harness/option-schema.ts'
import type { Study } from '../../evaluation/harness/study.ts'
import { fingerprint as madeFingerprint } from './fingerprint/made-fingerprint.ts'

export type SquaresOptions = {
  readonly workPath: string
  readonly behaviour?: string
  readonly resume?: boolean
  readonly fingerprint?: Fingerprint
  readonly signal?: AbortSignal
}

/** A call of the study of squares of 1, 2, 3, one cell at a time. */
export async function squares({
  workPath,
  behaviour = 'works',
  resume = false,
  fingerprint = madeFingerprint(),
  signal = new AbortController().signal,
}: SquaresOptions): Promise<Invocation<Study>> {
  const studies = await discover<Study>(new URL('studies/', import.meta.url), 'study')
  const found = pick(studies, 'squares', 'study')
  const subject = await found.load()
  const values = parseOptions(subject.options, ['--behaviour', behaviour], { quick: false })
  const flags = { json: false, quick: false, resume, store: false, workers: 1 }
  return { subject, found, values, flags, workPath, fingerprint, signal }
}
