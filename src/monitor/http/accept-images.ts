import type { SentImage } from '../inbox/index.ts'
import type { WatchedMonitor } from '../watching/index.ts'
import type { HttpPorts } from './http-ports.ts'
import { Problem } from './problem.ts'

/** What became of an image that was sent: `known`: it was stored before. */
export type SentReceipt = { readonly predictionId: string; readonly status: 'stored' | 'known' }

/** Resolves once all are stored for good; throws Problem(409) where another image has the name of one, the others being stored. */
export async function acceptImages(
  { inbox, metrics }: HttpPorts,
  monitor: WatchedMonitor,
  images: readonly SentImage[],
): Promise<SentReceipt[]> {
  const receipts = await inbox.accept(images)
  const conflict = receipts.indexOf('conflict')
  metrics.received(monitor.id, receipts.filter((receipt) => receipt === 'stored').length)
  if (conflict >= 0) {
    throw new Problem(
      409,
      'request.conflict',
      `expected the image that was sent as ${images[conflict].predictionId} before, got another`,
      'Give every image a predictionId of its own. The others of this request are stored.',
    )
  }
  return images.map(({ predictionId }, i) => ({
    predictionId,
    status: receipts[i] === 'stored' ? ('stored' as const) : ('known' as const),
  }))
}

/** Each source has a stream of its own, which takes memory: throws Problem(422) where there would be too many. */
export async function requireSources(
  { inbox }: HttpPorts,
  { id, settings: { mostSources } }: WatchedMonitor,
  images: readonly SentImage[],
): Promise<void> {
  const sent = new Set(images.flatMap(({ source }) => source ?? []))
  const [beyond] = await inbox.sourcesBeyond(id, mostSources, sent)
  if (beyond === undefined) return
  throw new Problem(
    422,
    'request.invalid',
    `expected at most ${mostSources} sources, got ${beyond} beside those`,
    'A source is a camera or a site, not an image; mostSources of the monitor raises the limit.',
  )
}
