import { createClient, type ImageToSend, ServiceError } from '../../client/index.ts'
import { DriftError } from '../../errors.ts'
import { NO_SKIPPED_IMAGES, type PictureFile, tallySkipped } from '../../images/index.ts'
import { mergeSkipped } from '../../measuring/index.ts'
import { formatCountOf } from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { openArgument, reportSkipped } from '../image-arguments.ts'
import { createImageProgress } from '../progress.ts'

/** Flags of `pixeldrift send`. */
export type SendFlags = {
  readonly to?: string | undefined
  readonly monitor?: string | undefined
  readonly by?: string | undefined
  readonly labels?: string | undefined
  readonly json?: true | undefined
}

/** Of one request: at most so many, and of so many bytes together but for a single one. */
const MOST_IMAGES = 64
const MOST_BYTES = 4 * 1024 * 1024

type Client = ReturnType<typeof createClient>

/** `pixeldrift send <images>`: sends files as they are, those that the service has not. */
export async function runSend(
  location: string,
  { to, monitor, by, labels, json }: SendFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { out, environment, signal } = context
  const url = to ?? environment['PIXELDRIFT_URL'] ?? 'http://localhost:8080'
  const source = await openArgument(location, { labels, order: 'time' }, context)
  if (source.files === undefined) {
    throw new DriftError(
      'config.invalid',
      `expected image files, got ${source.kind}: ${location}`,
      {
        hint: 'Folders, tar, zip, Parquet and tables of files can be sent; arrays of pixels can’t.',
      },
    )
  }
  const address = { url, monitor, token: environment['PIXELDRIFT_TOKEN'] }
  // Nobody waits a minute for a service that was never there.
  await sendPart(createClient({ ...address, tries: 1 }), [], { url, signal })
  const client = createClient(address)
  const words = { verb: 'sent', stage: 'sending', total: source.count ?? 0 }
  const progress = createImageProgress(context, words)
  let [sent, known, skipped] = [0, 0, NO_SKIPPED_IMAGES]
  for await (const part of inParts(source.files({ signal }))) {
    const readable = part.flatMap((file) => ('bytes' in file ? [imageOf(file, by)] : []))
    skipped = mergeSkipped(skipped, unreadOf(part))
    const fresh = await sendPart(client, readable, { url, signal })
    sent += fresh
    known += readable.length - fresh
    progress.update(sent + known + skipped.total)
  }
  progress.clear()
  reportSkipped(skipped, context)
  const there = known === 0 ? '' : `, ${known} were there`
  out.write(
    json === true
      ? `${JSON.stringify({ sent, known, skipped: skipped.total })}\n`
      : `Sent ${formatCountOf(sent, 'image')}${there}.\n`,
  )
  return skipped.total > 0 ? EXIT.error : EXIT.noDrift
}

/** Returns how many the service did not have. */
async function sendPart(
  client: Client,
  images: readonly (ImageToSend & { readonly predictionId: string })[],
  { url, signal }: { readonly url: string; readonly signal: AbortSignal },
): Promise<number> {
  try {
    const names = images.map(({ predictionId }) => predictionId)
    const there = await client.known(names, { signal })
    const fresh = images.filter(({ predictionId }) => !there.has(predictionId))
    const receipts = await client.send(fresh, { signal })
    return receipts.filter(({ status }) => status === 'stored').length
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof ServiceError) {
      const { message, hint } = cause
      throw new DriftError('config.invalid', `${url}: ${message}`, { hint, cause })
    }
    throw new DriftError('resource.unavailable', `expected a service at ${url}, got no answer`, {
      hint: 'Start one: npx pixeldrift serve --detector detector.pixeldrift',
      cause,
    })
  }
}

async function* inParts(files: AsyncIterable<PictureFile>): AsyncGenerator<PictureFile[]> {
  let [part, bytes]: [PictureFile[], number] = [[], 0]
  for await (const file of files) {
    const size = 'bytes' in file ? file.bytes.length : 0
    if (part.length > 0 && (part.length === MOST_IMAGES || bytes + size > MOST_BYTES)) {
      yield part
      ;[part, bytes] = [[], 0]
    }
    part.push(file)
    bytes += size
  }
  if (part.length > 0) yield part
}

function unreadOf(files: readonly PictureFile[]) {
  const tally = tallySkipped()
  for (const file of files) {
    if (!('error' in file)) continue
    const { code, message } = file.error
    tally.add({ id: file.record.id, code, message })
  }
  return tally.taken()
}

function imageOf(
  { record, modelOutputs = {}, bytes }: Extract<PictureFile, { bytes: Uint8Array }>,
  by: string | undefined,
) {
  const { id: predictionId, timestamp: takenAt, prediction, attributes } = record
  const { probabilities, logits, embeddings } = modelOutputs
  return {
    bytes,
    predictionId,
    source: by === undefined ? undefined : sourceOf(record, by),
    takenAt: isInstant(takenAt) ? takenAt : undefined,
    prediction,
    attributes,
    probabilities: probabilities && [...probabilities.values],
    logits: logits && [...logits.values],
    embedding: embeddings && [...embeddings.values],
  }
}

/** With its zone: without one it is no point in time. */
function isInstant(time: string | undefined): boolean {
  return time !== undefined && /(?:Z|[+-]\d\d:\d\d)$/.test(time)
}

function sourceOf({ id, attributes }: PictureFile['record'], by: string): string | undefined {
  if (by !== 'folder') return attributes?.[by]
  return id.includes('/') ? id.slice(0, id.lastIndexOf('/')) : undefined
}
