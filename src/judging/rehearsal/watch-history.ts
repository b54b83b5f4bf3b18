import type { MeasuredImage, Measurements } from '../../measuring/values/index.ts'
import type { RehearsedHistory, StreamEvent } from '../../verdict/index.ts'
import type { Baseline } from '../baseline.ts'
import { judge } from '../judge.ts'
import type { Policy } from '../policy.ts'
import { openStream } from '../stream/stream.ts'
import { type ImageRow, measurementsOfRows } from '../rows-as-measurements.ts'
import type { RehearsalSettings } from './rehearsal-settings.ts'

/** Past images, watched as a stream and judged in batches, in the order in which they come. */
export type HistoryWatch = {
  take(part: Measurements): void
  /** What would have been told; images behind the last whole batch are of no batch. */
  told(): Omit<RehearsedHistory, 'skipped'>
}

/** Batches that were not quiet and are kept whole. */
const NAMED = 20

/** Watches a user's past images as they would have been watched. */
export function watchHistory(
  baseline: Baseline,
  policy: Policy,
  { batchSize, falseAlarmEvery, seed }: RehearsalSettings,
): HistoryWatch {
  const stream = openStream(baseline, policy, { falseAlarmEvery, seed })
  const events: StreamEvent[] = []
  const named: RehearsedHistory['batches']['named'][number][] = []
  let [count, drift, warning] = [0, 0, 0]
  let open: ImageRow[] = []
  const judgeBatch = (): void => {
    const images = open.map(({ image }) => image)
    const judgement = judge(baseline, measurementsOfRows(baseline, open), policy, { seed })
    count++
    open = []
    if (judgement.severity === 'drift') drift++
    else if (judgement.severity === 'warning') warning++
    else return
    if (named.length < NAMED) named.push({ number: count, ...endsOf(images), judgement })
  }
  return {
    take(part) {
      events.push(...stream.take(part))
      const width = part.columns.length
      const cells = (part.places?.length ?? 0) / part.images.length
      for (const [i, image] of part.images.entries()) {
        open.push({
          image,
          row: part.values.subarray(i * width, (i + 1) * width),
          places: part.places?.subarray(i * cells, (i + 1) * cells),
        })
        if (open.length === batchSize) judgeBatch()
      }
    },
    told: () => ({
      images: stream.images,
      stream: { events, status: stream.status },
      batches: { size: batchSize, count, drift, warning, named },
    }),
  }
}

function endsOf(images: readonly MeasuredImage[]): { readonly from: string; readonly to: string } {
  return { from: images[0]?.record.id ?? '', to: images.at(-1)?.record.id ?? '' }
}
