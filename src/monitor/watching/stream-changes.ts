import type { PendingImage, StoredStream, StreamFacts } from '../store/index.ts'
import type { Stepped } from './watching-messages.ts'

/** Streams as they are stored after a step; `lastAt` is when the last image of each was received. */
export function streamsAfter(
  { streams, events }: Stepped,
  before: ReadonlyMap<string, StreamFacts>,
  images: readonly Pick<PendingImage, 'source' | 'receivedAt'>[],
): StoredStream[] {
  return streams.map((stream) => {
    const { source } = stream
    const own = source === '' ? images : images.filter((image) => image.source === source)
    // Not what was said before, where the clock was put back since.
    const received = own.map((one) => one.receivedAt)
    const lastAt = own.length === 0 ? (before.get(source)?.lastAt ?? 0) : Math.max(...received)
    const turns = events.filter(
      (event) => event.source === source && (event.kind === 'recovered' || event.kind === 'drift'),
    )
    const last = turns.at(-1)
    const recoveredAt =
      last === undefined
        ? (before.get(source)?.recoveredAt ?? null)
        : last.kind === 'recovered'
          ? last.at.number
          : null
    return { ...stream, lastAt, recoveredAt }
  })
}
