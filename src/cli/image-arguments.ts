import { stat } from 'node:fs/promises'
import { DriftError } from '../errors.ts'
import { type ImageSource, limitImages, openImages, type SkippedImages } from '../images/index.ts'
import type { CommandContext } from './context.ts'

/** Flags that say how to read images, shared by the commands. */
export type ImageFlags = {
  readonly labels?: string | undefined
  readonly column?: string | undefined
  readonly layout?: 'nchw' | 'nhwc' | undefined
  readonly limit?: number | undefined
  readonly pixelLimit?: number | undefined
  readonly threads?: number | undefined
  /** NPY files of what the user's own model said of the images. */
  readonly probabilities?: string | undefined
  readonly logits?: string | undefined
  readonly embeddings?: string | undefined
}

/** The flags, and the order that a command needs. */
type ImageReading = ImageFlags & { readonly order?: 'time' | undefined }

/** The same by the time of the images, where rows of files beside them leave that open. */
export function inOrderOfTime(flags: ImageFlags): ImageReading {
  const files = Object.values(modelOutputFiles(flags)).filter((file) => file !== undefined)
  return files.length === 0 ? { ...flags, order: 'time' } : flags
}

/** Opens what the user pointed at; reading it, also for the report, ends when the command is interrupted. */
export async function openArgument(
  location: string,
  { labels, column, layout, limit, pixelLimit, threads, order, ...outputs }: ImageReading,
  { signal }: CommandContext,
): Promise<ImageSource> {
  if (labels !== undefined) await requireLabels(labels)
  const opened = await openImages(location, {
    signal,
    labels,
    column,
    layout: layout && (layout === 'nchw' ? 'NCHW' : 'NHWC'),
    pixelLimit,
    order,
    ...modelOutputFiles(outputs),
  })
  const source = limit === undefined ? opened : limitImages(opened, limit)
  return {
    ...source,
    batches: (options) =>
      source.batches({
        ...options,
        signal: options.signal ?? signal,
        threads: options.threads ?? threads,
      }),
  }
}

type ModelOutputFlags = Pick<ImageFlags, 'probabilities' | 'logits' | 'embeddings'>

/** Of all flags, those that name files of model outputs. */
export function modelOutputFiles({
  probabilities,
  logits,
  embeddings,
}: ModelOutputFlags): ModelOutputFlags {
  return { probabilities, logits, embeddings }
}

const FOLDER_RULES = ['folders', 'parent-folders']

async function requireLabels(labels: string): Promise<void> {
  if (FOLDER_RULES.includes(labels)) return
  const file = await stat(labels).catch(() => undefined)
  if (file?.isFile() === true) return
  throw new DriftError(
    'config.invalid',
    `expected ${FOLDER_RULES.join(', ')} or a file for --labels, got ${JSON.stringify(labels)}`,
  )
}

const NAMED = 5

/** Names the images that were left out, and why. */
export function reportSkipped(
  { named, total }: Pick<SkippedImages, 'named' | 'total'>,
  { err }: CommandContext,
): void {
  const shown = named.slice(0, NAMED)
  for (const { message } of shown) err.write(`pixeldrift: skipped: ${message}\n`)
  const rest = total - shown.length
  if (rest > 0) err.write(`pixeldrift: skipped: ${rest} more\n`)
}
