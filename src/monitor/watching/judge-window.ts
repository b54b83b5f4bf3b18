import type { Detector } from '../../detector/index.ts'
import { decodingRule, tallySkipped } from '../../images/index.ts'
import { measurementsOfRows } from '../../judging/index.ts'
import type { Verdict } from '../../verdict/index.ts'
import type { JudgeRequest, WatchedImage } from './watching-messages.ts'

/** The verdict on images that were measured one by one. */
export function judgeWindow(
  detector: Detector,
  { monitor, images, skipped, of = images.length, at }: Omit<JudgeRequest, 'kind' | 'detector'>,
): Promise<Verdict> {
  const tally = tallySkipped()
  for (const image of skipped) tally.add(image)
  const measurements = {
    ...rowsOf(detector, images),
    count: of,
    skipped: tally.taken(),
    sources: [
      { location: monitor, kind: 'monitor', decoding: decodingRule(), files: true as const },
    ],
  }
  return detector.judge(measurements, { now: () => new Date(at) })
}

/** Images, each under its number in place of a place. */
export function rowsOf({ baseline }: Detector, images: readonly WatchedImage[]) {
  return measurementsOfRows(
    baseline,
    images.map(({ record, number, hash, numbers, places }) => ({
      image: { record, place: number, hash },
      row: numbers,
      places,
    })),
  )
}
