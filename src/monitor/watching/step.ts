import type { FamilyEvent } from '../../judging/index.ts'
import type { GuardState } from '../guards/index.ts'
import type { MeasuredOne } from '../measuring/index.ts'
import type { PendingImage, StoredGuards, StoredThumbnail, Watch } from '../store/index.ts'
import { countPeriods } from './count-periods.ts'
import { guardHappening, type Happening, happeningOf } from './happening.ts'
import { toMeasure } from './pending-images.ts'
import { settle } from './settle.ts'
import { streamsAfter } from './stream-changes.ts'
import type { LeasedPorts, WatchedMonitor } from './watched.ts'
import type { Arrival, SavedGuards, Stepped, WatchedImage } from './watching-messages.ts'
import { closedWindows } from './windows.ts'

/** Images of the inbox, and what was measured of each. */
export type MeasuredImages = {
  readonly images: readonly PendingImage[]
  readonly found: readonly MeasuredOne[]
  /** There may be more that wait. */
  readonly isFull: boolean
}

/** Images of one step, and their bytes. */
const MOST_IMAGES = 256
const MOST_BYTES = 64 * 1024 * 1024

/** Measures the first images that wait, but those that are measured already; `first` is the ordinal of the first one. */
export async function measurePending(
  { id, detector, settings }: WatchedMonitor,
  { store, measurer }: LeasedPorts,
  { first, except }: { readonly first: number; readonly except: ReadonlySet<number> },
): Promise<MeasuredImages> {
  const options = { images: MOST_IMAGES, bytes: MOST_BYTES, except }
  const images = await store.inbox.pending(id, options)
  if (images.length === 0) return { images, found: [], isFull: false }
  const found = await measurer.measure(
    detector,
    images.map((image, i) => toMeasure(image, first + i)),
    { thumbnails: settings.keep === 'thumbnails' },
  )
  const bytes = images.reduce((sum, image) => sum + image.bytes.length, 0)
  return { images, found, isFull: images.length === MOST_IMAGES || bytes > MOST_BYTES / 2 }
}

type Step = {
  readonly measured: MeasuredImages
  readonly before: Watch
  /** Of what the streams remember after it. */
  readonly stamp: string
}

/** Takes the images into the streams; that they are counted, and all that was found, is stored at once or not at all. */
export async function commitStep(
  monitor: WatchedMonitor,
  ports: LeasedPorts,
  { measured: { images, found }, before, stamp }: Step,
): Promise<Watch> {
  const { id, detector, settings } = monitor
  const { store, judges, clock, lease } = ports
  const readable = found.filter((image) => 'numbers' in image)
  const known = await store.watching.streams(id)
  const stepped = await judges.step(
    {
      detector,
      monitor: id,
      settings,
      stamps: { before: before.stamp, after: stamp },
      arrivals: arrivalsOf(images, found),
      guards: (await store.watching.guards(id)).map(guardsOf),
    },
    () => store.watching.streamStates(id),
  )
  const at = clock().getTime()
  const leftOut = found.length - readable.length
  const position = before.position + readable.length
  const after = { position, skipped: before.skipped + leftOut, stamp }
  const counted = new Set(readable.map(({ number }) => number))
  const taken = images.filter(({ number }) => counted.has(number))
  const happenings = happeningsOf(id, { ...stepped, taken, at })
  const { windowSize: size } = settings
  const { times, ...settled } = settle(found, images, before.position)
  const periods = countPeriods(times, settings)
  await store.holding(lease, async (tables) => {
    await tables.periods.add(id, periods)
    await tables.watching.count({
      monitor: id,
      before,
      after,
      ...settled,
      streams: streamsAfter(stepped, new Map(known.map((one) => [one.source, one])), taken),
      guards: stepped.guards.map(([source, state]) => [source, JSON.stringify(state)] as const),
      keepBytes: settings.keep === 'originals',
      thumbnails: thumbnailsOf(readable),
      at,
    })
    await tables.events.add(stepped.events.map((event) => storedEvent(id, event, at)))
    const ends = { before: before.position, after: position, size, at }
    await tables.events.closeWindows(closedWindows(id, ends))
    await ports.onFound(tables, happenings)
  })
  ports.onCommitted({ monitor: id, counted: readable.length, leftOut, happenings })
  return after
}

function thumbnailsOf(measured: readonly MeasuredOne[]): StoredThumbnail[] {
  return measured.flatMap((one) =>
    'numbers' in one && one.thumbnail !== undefined
      ? [{ image: one.number, bytes: one.thumbnail }]
      : [],
  )
}

function storedEvent(monitor: string, { source, ...event }: FamilyEvent, toldAt: number) {
  return { monitor, source, kind: event.kind, event: JSON.stringify(event), toldAt }
}

/** Images in the order in which they came, with what was measured of each. */
function arrivalsOf(images: readonly PendingImage[], found: readonly MeasuredOne[]): Arrival[] {
  const sources = new Map(images.map(({ number, source }) => [number, source ?? '']))
  return found.map((one) => ({
    source: sources.get(one.number) ?? '',
    image: 'numbers' in one ? withoutPicture(one) : null,
  }))
}

/** Nobody looks at it where streams are. */
function withoutPicture({
  number,
  record,
  hash,
  numbers,
  places,
}: Extract<MeasuredOne, { readonly numbers: Float32Array }>): WatchedImage {
  return { number, record, hash, numbers, places }
}

function guardsOf([source, state]: StoredGuards): SavedGuards {
  return [source, JSON.parse(state) as GuardState]
}

/** What guards found, events, and that the sources of these images are not silent. */
function happeningsOf(
  monitor: string,
  {
    events,
    found,
    taken,
    at,
  }: Pick<Stepped, 'events' | 'found'> & {
    readonly taken: readonly PendingImage[]
    readonly at: number
  },
): Happening[] {
  const sources = new Set(taken.flatMap(({ source }) => ['', ...(source === null ? [] : [source])]))
  return [
    ...found.map((one) => guardHappening(monitor, one, at)),
    ...events.map((event) => happeningOf(monitor, event, at)),
    ...[...sources].map((source) => dataOf(monitor, source, at)),
  ]
}

function dataOf(monitor: string, source: string, at: number): Happening {
  const summary = 'Images come again.'
  return { kind: 'data', monitor, source, summary, findings: [], images: [], at }
}
