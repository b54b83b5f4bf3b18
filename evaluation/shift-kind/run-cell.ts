import {
  createShiftJudge,
  type Detector,
  type ShiftJudge,
  testFeatures,
} from '../../src/detector/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { rowsOf } from '../protocol/image-task.ts'
import { CASES, drawRows, type ShiftCase } from './cases.ts'
import { type ShiftSubject, shiftSubject, SIZES, type SubjectOptions } from './subject.ts'

/** What a batch can be called. */
export const ANSWERS = ['none', 'prior', 'appearance', 'mixed', 'unclear'] as const

export type Answer = (typeof ANSWERS)[number]

/** How often batches of a case and size were called what, with the reference's labels and without. */
export type CaseCounts = ShiftCase & {
  readonly size: number
  readonly labels: boolean
  readonly answers: Readonly<Record<Answer, number>>
}

export type CellOptions = SubjectOptions & { readonly batches: number }

/** One classifier and reference: every case at every size. */
export async function runCell(options: CellOptions): Promise<{
  readonly accuracy: number
  readonly counts: readonly CaseCounts[]
}> {
  const subject = await shiftSubject(options)
  const { detector, accuracy } = subject
  const judges = [true, false].map((labels) => ({ labels, judge: judgeOf(detector, labels) }))
  const counts: CaseCounts[] = []
  for (const [number, shiftCase] of CASES.entries()) {
    for (const size of SIZES) {
      const windows = drawWindows(subject, shiftCase, {
        size,
        batches: options.batches,
        seed: 1000 * options.seed + 10 * number,
      })
      for (const { labels, judge } of judges) {
        counts.push({ ...shiftCase, size, labels, answers: countAnswers(detector, judge, windows) })
      }
    }
  }
  await detector.close()
  return { accuracy, counts }
}

/** The product's own judge, once more as if the reference had come without labels. */
function judgeOf({ labels, ...detector }: Detector, withLabels: boolean): ShiftJudge {
  const reference = detector.baseline.comparison.prepared
  const judge = createShiftJudge({ ...detector, reference, ...(withLabels && { labels }) })
  if (judge === null) throw new Error('expected a detector with predicted classes')
  return judge
}

function drawWindows(
  { detector, labels, tables }: ShiftSubject,
  { mix, look }: ShiftCase,
  {
    size,
    batches,
    seed,
  }: { readonly size: number; readonly batches: number; readonly seed: number },
): Float32Array[] {
  const random = createRandom(seed)
  const width = detector.manifest.columns.length
  const table = tables[look]
  const own = labels.subarray(0, table.length / width)
  return Array.from({ length: batches }, () =>
    rowsOf(table, width, drawRows(own, mix, { size, random })),
  )
}

const LEVEL = 0.01

/** As a check does it: the window test first, the kind of shift where that alarms. */
function countAnswers(
  detector: Detector,
  judge: ShiftJudge,
  windows: readonly Float32Array[],
): Record<Answer, number> {
  const answers = { none: 0, prior: 0, appearance: 0, mixed: 0, unclear: 0 }
  windows.forEach((window, seed) => {
    const { pValue } = testFeatures(detector, window, { level: LEVEL, seed })
    answers[pValue > LEVEL ? 'none' : judge(window, { level: LEVEL, seed }).kind]++
  })
  return answers
}
