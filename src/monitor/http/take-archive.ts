import { z } from 'zod'
import { DriftError } from '../../errors.ts'
import type { SentKind } from '../../images/index.ts'
import type { SentImage } from '../inbox/index.ts'
import type { UnpackedImage } from '../unpacking/index.ts'
import type { WatchedMonitor } from '../watching/index.ts'
import type { HttpPorts } from './http-ports.ts'
import { plainText } from './plain-text.ts'
import { Problem } from './problem.ts'
import { type ImageFactsSaid, imageFactsSchema, sentImage } from './read-images.ts'
import type { SpooledBody } from './spool-body.ts'

/** What may be said of an array, a table or an archive. */
export const archiveQuerySchema = z.object({
  /** In front of the name or, where images have none, the number of each; default of numbered ones the digest of the body. */
  prefix: plainText(300).optional(),
  /** The attribute that names the source of each image: a column of a table, or `folder`. */
  by: plainText(200).min(1).optional(),
  /** Of several arrays or columns the one that holds the images. */
  column: plainText(500).min(1).optional(),
  /** Of an array whose shape leaves it open. */
  layout: z.enum(['NCHW', 'NHWC']).optional(),
})

/** What became of the images of a body. */
export const archiveReceiptSchema = z.object({
  /** Stored now, and stored before. */
  taken: z.int(),
  known: z.int(),
  refused: z.int(),
  /** The first 100 of these. */
  refusals: z.array(z.object({ image: z.string(), code: z.string(), message: z.string() })),
  /** What stands in front of the name or number of each in its predictionId. */
  prefix: z.string(),
})

type Receipt = z.infer<typeof archiveReceiptSchema>

type ArchiveFacts = {
  readonly kinds: readonly SentKind[]
  /** What holds for all of its images. */
  readonly said: ImageFactsSaid
  readonly query: z.infer<typeof archiveQuerySchema>
}

const MOST_IMAGES = 100_000
const MOST_REFUSALS = 100
/** What an archive may unpack to, in bodies of the largest size. */
const MOST_UNPACKED = 8

/** Stores every image of a body, part by part; throws Problem(422) before the first where the body is damaged. */
export async function takeArchive(
  { path, digest }: SpooledBody,
  facts: ArchiveFacts & { readonly monitor: WatchedMonitor },
  ports: HttpPorts,
): Promise<Receipt> {
  const { kinds, query, monitor } = facts
  const { imageBytes, bodyBytes, pixels } = ports.limits
  const limits = { images: MOST_IMAGES, imageBytes, bytes: MOST_UNPACKED * bodyBytes, pixels }
  const { column, layout } = query
  const receipt: Receipt = { taken: 0, known: 0, refused: 0, refusals: [], prefix: '' }
  const body = { path, kinds, column, layout, limits }
  try {
    await ports.unpacker.unpack(body, async (parts, { isNamed }) => {
      receipt.prefix = query.prefix ?? (isNamed ? '' : `${digest.slice(0, 16)}/`)
      let place = 0
      for await (const part of parts) {
        const images = part.map((image, i) =>
          describe(image, { ...facts, prefix: receipt.prefix, place: isNamed ? null : place + i }),
        )
        place += part.length
        await takePart(images, receipt, { ...ports, monitor })
      }
    })
  } catch (error) {
    throw problemOfArchive(error, receipt)
  }
  return receipt
}

type Described =
  | { readonly id: string; readonly said: ImageFactsSaid; readonly bytes: Uint8Array }
  | { readonly id: string; readonly code: string; readonly message: string }

function describe(
  image: UnpackedImage,
  {
    said,
    query: { by },
    prefix,
    place,
  }: ArchiveFacts & { readonly prefix: string; readonly place: number | null },
): Described {
  const { id, timestamp, prediction, attributes } = image.record
  if ('code' in image) return { id, code: image.code, message: image.message }
  const { probabilities, logits, embeddings: embedding } = image.outputs
  const own = {
    predictionId: `${prefix}${place ?? id}`,
    source: by === undefined ? undefined : sourceOf(image.record, by),
    takenAt: isInstant(timestamp) ? timestamp : undefined,
    prediction,
    attributes,
    probabilities,
    logits,
    embedding,
  }
  const stated = Object.entries(own).filter(([, value]) => value !== undefined)
  const parsed = imageFactsSchema.safeParse({ ...said, ...Object.fromEntries(stated) })
  if (parsed.success) return { id, said: parsed.data, bytes: image.bytes }
  const [issue] = parsed.error.issues
  return { id, code: 'request.invalid', message: `${issue.path.join('.')}: ${issue.message}` }
}

/** With its zone: without one it is no point in time. */
function isInstant(time: string | undefined): boolean {
  return time !== undefined && /(?:Z|[+-]\d\d:\d\d)$/.test(time)
}

function sourceOf({ id, attributes }: UnpackedImage['record'], by: string): string | undefined {
  if (by !== 'folder') return attributes?.[by]
  return id.includes('/') ? id.slice(0, id.lastIndexOf('/')) : undefined
}

async function takePart(
  images: readonly Described[],
  receipt: Receipt,
  { inbox, metrics, monitor }: HttpPorts & { readonly monitor: WatchedMonitor },
): Promise<void> {
  const { mostSources } = monitor.settings
  const refuse = (image: string, code: string, message: string): void => {
    receipt.refused++
    if (receipt.refusals.length < MOST_REFUSALS) receipt.refusals.push({ image, code, message })
  }
  const named = images.flatMap((image) => ('said' in image ? (image.said.source ?? []) : []))
  const beyond = await inbox.sourcesBeyond(monitor.id, mostSources, new Set(named))
  const sent: { readonly id: string; readonly image: SentImage }[] = []
  for (const image of images) {
    const { id } = image
    if ('code' in image) refuse(id, image.code, image.message)
    else if (image.said.source !== undefined && beyond.includes(image.said.source)) {
      refuse(id, 'request.invalid', `expected at most ${mostSources} sources`)
    } else if (image.bytes.length === 0)
      refuse(id, 'request.invalid', 'expected an image, got no bytes')
    else sent.push({ id, image: sentImage(monitor.id, image.said, image.bytes) })
  }
  if (sent.length === 0) return
  const receipts = await inbox.accept(sent.map(({ image }) => image))
  let taken = 0
  for (const [i, became] of receipts.entries()) {
    if (became === 'stored') taken++
    else if (became === 'known') receipt.known++
    else
      refuse(
        sent[i].id,
        'request.conflict',
        `another image was sent as ${sent[i].image.predictionId} before`,
      )
  }
  receipt.taken += taken
  metrics.received(monitor.id, taken)
}

/** What a body is to blame for is the sender's to change; whatever it is, what is stored already stays. */
function problemOfArchive(error: unknown, { taken, known }: Receipt): unknown {
  if (!(error instanceof DriftError)) return error
  const { code, message, retryable } = error
  const stored = taken + known
  const so =
    stored === 0
      ? ''
      : ` ${stored} of its images are stored: sent again they are not counted twice.`
  const hint = `${error.hint ?? 'Nothing else is wrong with the request.'}${so}`
  if (retryable || code === 'resource.closed' || code === 'resource.unavailable') {
    return new DriftError(code, message, { hint, retryable, cause: error })
  }
  return new Problem(422, 'request.invalid', message, hint)
}
