import type { Detector } from '../detector/index.ts'
import type { Evidence } from '../judging/index.ts'
import type { StreamEvent } from '../verdict/index.ts'
import type { Picture, PixelsOf } from './pixels-of.ts'

/** What a report of a stream shows. */
export type StreamReport = {
  /** Where the images come from, as the user wrote it. */
  readonly location: string
  /** Where those of the reference came from. */
  readonly reference: string
  readonly images: number
  readonly falseAlarmEvery: number
  /** When the report was made (ISO 8601, UTC). */
  readonly madeAt: string
  /** Of pixeldrift. */
  readonly version: string
  /** Of all images together. */
  readonly evidence: Evidence
  /** What the evidence counts. */
  readonly unit: 'images' | 'blocks of images'
  /** What each source is doing; all together under the empty name. */
  readonly statuses: ReadonlyMap<string, string>
  /** Earliest first, with pictures where there are any. */
  readonly events: readonly ReportedEvent[]
}

/** An event, the source it is of, and pictures of before and after its change. */
export type ReportedEvent = {
  readonly event: StreamEvent
  /** The empty name stands for all sources together. */
  readonly source: string
  readonly before: readonly Picture[]
  readonly after: readonly Picture[]
}

/** An event as it was told. */
export type ToldEvent = StreamEvent & { readonly source?: string | undefined }

/** Reads the pictures of the events' images, and puts the report together. */
export async function collectStreamReport(
  { manifest }: Detector,
  {
    told,
    pixelsOf,
    ...described
  }: Omit<StreamReport, 'events' | 'reference' | 'unit'> & {
    readonly told: readonly ToldEvent[]
    /** Default: no pictures. */
    readonly pixelsOf?: PixelsOf | undefined
  },
): Promise<StreamReport> {
  const shown = told.map(({ source = '', ...event }) => ({ event, source, ...placesOf(event) }))
  const places = shown.flatMap(({ before, after }) => [...before, ...after])
  const found = await pixelsOf?.([...new Set(places)])
  const picturesOf = (wanted: readonly number[]): Picture[] =>
    wanted.flatMap((place) => found?.get(place) ?? [])
  return {
    ...described,
    reference: manifest.location,
    unit: manifest.blockBy === undefined ? 'images' : 'blocks of images',
    events: shown.map(({ event, source, before, after }) => ({
      event,
      source,
      before: picturesOf(before),
      after: picturesOf(after),
    })),
  }
}

type Places = { readonly before: readonly number[]; readonly after: readonly number[] }

/** Places of the images to show: the last ones before the change, and those that stand for what they became. */
function placesOf(event: StreamEvent): Places {
  if (event.kind !== 'drift') return { before: [], after: [] }
  const { before = [], judgement } = event
  const { representative, mostUnusual } = judgement.exemplars
  const after = representative.length > 0 ? representative : mostUnusual
  return { before: before.map(({ place }) => place), after: after.map(({ place }) => place) }
}
