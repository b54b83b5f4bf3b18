import { stat } from 'node:fs/promises'
import { DriftError } from '../errors.ts'
import { type ImageSource, limitImages, openImages, type SkippedImages } from '../images/index.ts'
import type { CommandContext } from './context.ts'

/** Flags that say how to read images, shared by the commands. */
export type ImageFlags = {
  readonly labels?: string
  readonly column?: string
  readonly layout?: 'nchw' | 'nhwc'
  readonly limit?: number
  readonly pixelLimit?: number
  readonly threads?: number
  /** NPY files of what the user's own model said of the images. */
  readonly probabilities?: string
  readonly logits?: string
  readonly embeddings?: string
}

/** Opens what the user pointed at; reading it, also for the report, ends when the command is interrupted. */
export async function openArgument(
  location: string,
  { labels, column, layout, limit, pixelLimit, threads, ...outputs }: ImageFlags,
  { signal }: CommandContext,
): Promise<ImageSource> {
  if (labels !== undefined) await requireLabels(labels)
  const opened = await openImages(location, {
    signal,
    ...(labels !== undefined && { labels }),
    ...(column !== undefined && { column }),
    ...(layout !== undefined && { layout: layout === 'nchw' ? 'NCHW' : 'NHWC' }),
    ...(pixelLimit !== undefined && { pixelLimit }),
    ...modelOutputFiles(outputs),
  })
  const source = limit === undefined ? opened : limitImages(opened, limit)
  return { ...source, batches: (options) => source.batches({ signal, threads, ...options }) }
}

type ModelOutputFlags = Pick<ImageFlags, 'probabilities' | 'logits' | 'embeddings'>

/** Of all flags, those that name files of model outputs. */
export function modelOutputFiles({
  probabilities,
  logits,
  embeddings,
}: ModelOutputFlags): ModelOutputFlags {
  return {
    ...(probabilities !== undefined && { probabilities }),
    ...(logits !== undefined && { logits }),
    ...(embeddings !== undefined && { embeddings }),
  }
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
