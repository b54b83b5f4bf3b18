import { type CheckInput, type Detector, loadDetector } from '../../detector/index.ts'
import { DriftError } from '../../errors.ts'
import { decodingRule, type ImageSource } from '../../images/index.ts'
import { createFeaturesWriter } from '../../measuring/index.ts'
import { openReplacement } from '../../whole-file.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { type ImageFlags, modelOutputFiles, openArgument } from '../image-arguments.ts'
import { type Journal, openJournal } from '../journal.ts'
import { outputError, requireOutputs } from '../outputs.ts'
import { createImageProgress } from '../progress.ts'
import { type RuntimeFlags, runtimeOptions } from '../runtime-flags.ts'
import type { Shard } from '../shard-flag.ts'

/** Flags of `pixeldrift measure`. */
export type MeasureFlags = Omit<ImageFlags, 'limit'> &
  RuntimeFlags &
  Pick<CheckInput, 'strict'> & {
    readonly out: string
    readonly shard?: Shard | undefined
    readonly json?: true | undefined
  }

/** `pixeldrift measure <detector> <images>`: writes what `check` judges, for a later check or one elsewhere. */
export async function runMeasure(
  { detector: path, images }: { readonly detector: string; readonly images: string },
  flags: MeasureFlags,
  context: CommandContext,
): Promise<ExitCode> {
  await requireOutputs({ '--out': flags.out }, [
    path,
    images,
    ...Object.values(modelOutputFiles(flags)),
  ])
  await using detector = await loadDetector(path, runtimeOptions(flags))
  const source = await openArgument(images, flags, context)
  const { out, json: _, threads: __, ...reading } = flags
  const journal = await openJournal(`${out}.measuring`, {
    extractor: detector.extractor.id,
    decoding: decodingRule(),
    location: source.location,
    ...reading,
  })
  await measureInto(journal, { detector, source }, flags, context)
  const written = await writeFeatures(flags.out, journal, detector)
  await journal.remove()
  context.out.write(present(written, flags))
  return EXIT.noDrift
}

type Job = { readonly detector: Detector; readonly source: ImageSource }

// oxlint-disable-next-line eslint/max-params -- what, of what, how and where
async function measureInto(
  journal: Journal,
  { detector, source }: Job,
  { shard, strict }: MeasureFlags,
  context: CommandContext,
): Promise<void> {
  const total = Math.ceil((source.count ?? 0) / (shard?.of ?? 1))
  const progress = createImageProgress(context, { verb: 'measured', stage: 'measuring', total })
  let done = journal.count
  if (done > 0) context.err.write(`pixeldrift: going on after ${done} images\n`)
  try {
    const isOwn = (batch: number): boolean =>
      shard === undefined || batch % shard.of === shard.index - 1
    for await (const part of detector.measure(source, {
      strict,
      signal: context.signal,
      isChosen: (batch) => batch > journal.last && isOwn(batch),
    })) {
      await journal.append(part)
      done += part.count
      progress.update(done)
    }
  } finally {
    progress.clear()
  }
}

type Written = { readonly images: number; readonly skipped: number }

async function writeFeatures(path: string, journal: Journal, detector: Detector): Promise<Written> {
  const { id: extractorId, columns } = detector.extractor
  const file = await openReplacement(path)
  try {
    const writer = createFeaturesWriter(file.path, { extractorId, columns })
    let [images, skipped] = [0, 0]
    for await (const part of journal.parts()) {
      writer.add(part)
      images += part.count
      skipped += part.skipped.total
    }
    writer.finish()
    await file.commit()
    return { images, skipped }
  } catch (error) {
    await file.discard()
    throw error instanceof DriftError ? error : outputError(path, error)
  }
}

function present({ images, skipped }: Written, { out, json }: MeasureFlags): string {
  if (json === true) return `${JSON.stringify({ out, images, skipped }, null, 2)}\n`
  const left = skipped === 0 ? '' : `, ${skipped} could not be read`
  return `${out}: ${images} images measured${left}\n`
}
