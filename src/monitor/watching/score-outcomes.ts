import type { ImageOutcome } from '../store/index.ts'
import { watchedOf } from './counted-images.ts'
import type { Judges } from './judges.ts'
import type { WatchedMonitor } from './watched.ts'
import type { OwnScore } from './watching-messages.ts'

/** An image, and how unusual it is by itself; null where it is not measured, or its numbers are not kept. */
export type ScoredImage = ImageOutcome & { readonly score: ImageScore | null }

/** How unusual an image is, whatever comes before and after it. */
export type ImageScore = OwnScore & {
  /** Of images like the reference one in a hundred is. */
  readonly isUnusual: boolean
}

const UNUSUAL_SHARE = 0.01

/** Each of these images with its score. */
export async function scoreOutcomes(
  { detector }: Pick<WatchedMonitor, 'detector'>,
  outcomes: readonly ImageOutcome[],
  { score }: Pick<Judges, 'score'>,
): Promise<ScoredImage[]> {
  const images = outcomes.flatMap(({ number, measured }) =>
    measured === null ? [] : [watchedOf({ number, position: 0, ...measured })],
  )
  const scores = images.length === 0 ? [] : await score({ detector, images })
  const byNumber = new Map(images.map(({ number }, i) => [number, scores[i]]))
  return outcomes.map((outcome) => {
    const own = byNumber.get(outcome.number)
    return Object.assign({ score: own === undefined ? null : imageScore(own) }, outcome)
  })
}

function imageScore({ score, pValue, loss, excessLoss }: OwnScore): ImageScore {
  return { score, pValue, loss, excessLoss, isUnusual: pValue <= UNUSUAL_SHARE }
}
