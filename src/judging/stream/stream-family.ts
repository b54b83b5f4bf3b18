import type { ImageRecord, Measurements } from '../../measuring/values/index.ts'
import type { StreamEvent } from '../../verdict/index.ts'
import type { Baseline } from '../baseline.ts'
import { blockNames } from '../blocks.ts'
import type { Policy } from '../policy.ts'
import type { Evidence } from './evidence-track.ts'
import { type MeasuredRows, openStream, type Stream } from './stream.ts'
import { joinBytes, splitBytes } from './joined-bytes.ts'
import { completeStreamOptions, type StreamOptions } from './stream-options.ts'
import type { StreamStatus } from './stream-status.ts'

/** Streams of several sources, and of all images together. */
export type StreamFamily = {
  /** As of the family: of all its streams together. */
  readonly falseAlarmEvery: number
  readonly images: number
  /** Of all images together. */
  readonly evidence: Evidence
  /** What each source is doing, and under the empty name all together. */
  readonly statuses: ReadonlyMap<string, StreamStatus>
  /** The stream of each source, and under the empty name that of all together. */
  readonly streams: ReadonlyMap<string, Stream>
  take(measured: Measurements): FamilyEvent[]
  save(): Uint8Array<ArrayBuffer>
}

/** An event, and the source it is of; the empty name stands for all together. */
export type FamilyEvent = StreamEvent & { readonly source: string }

export type FamilyOptions = StreamOptions & {
  /**
   * What tells sources apart: an attribute of the images, `folder` or `label`; or what names the source of an image,
   * undefined where it is watched with all others only.
   */
  readonly by: string | SourceOf
}

type SourceOf = (record: ImageRecord) => string | undefined

/** What was saved: by the family as one, or of each of its streams by name. */
type SavedFamily = Uint8Array | ReadonlyMap<string, Uint8Array>

/** The stream of all images; no source is called so. */
const ALL = ''

/**
 * One stream for each source and one over all. The stated rate of false alarms holds for all of them together: half of
 * it is that of the stream over all, half that of the sources, however many there are, since each image is in one.
 */
// oxlint-disable-next-line eslint/max-params -- two values, options and what was saved
export function openStreamFamily(
  baseline: Baseline,
  policy: Policy,
  { by, ...options }: FamilyOptions,
  saved?: SavedFamily,
): StreamFamily {
  const { falseAlarmEvery } = completeStreamOptions(options)
  const own = { ...options, falseAlarmEvery: 2 * falseAlarmEvery }
  const streams = new Map<string, Stream>()
  const stored = saved instanceof Uint8Array ? splitBytes(saved) : (saved ?? [])
  for (const [name, bytes] of stored) streams.set(name, openStream(baseline, policy, own, bytes))
  const streamOf = (name: string): Stream => {
    const known = streams.get(name)
    if (known !== undefined) return known
    const opened = openStream(baseline, policy, own)
    streams.set(name, opened)
    return opened
  }
  streamOf(ALL)
  const sourcesOf = (record: ImageRecord): string[] => {
    if (typeof by === 'string') return blockNames([record], by)
    const source = by(record)
    return source === undefined ? [] : [source]
  }
  return {
    falseAlarmEvery,
    streams,
    get images() {
      return streamOf(ALL).images
    },
    get evidence() {
      return streamOf(ALL).evidence
    },
    get statuses() {
      return new Map([...streams].map(([name, { status }]) => [name, status]))
    },
    take: (measured) =>
      measured.images.flatMap((image, i) => {
        const one = oneOf(measured, i)
        return [ALL, ...sourcesOf(image.record)].flatMap((source) =>
          streamOf(source)
            .take(one)
            .map((event): FamilyEvent => Object.assign({}, event, { source })),
        )
      }),
    save: () => joinBytes([...streams].map(([name, stream]) => [name, stream.save()])),
  }
}

function oneOf(measured: Measurements, i: number): MeasuredRows {
  const { extractorId, columns, images, values, places } = measured
  const width = columns.length
  const cells = (places?.length ?? 0) / images.length
  return {
    extractorId,
    images: [images[i]],
    values: values.subarray(i * width, (i + 1) * width),
    places: places?.subarray(i * cells, (i + 1) * cells),
  }
}
