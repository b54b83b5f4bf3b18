import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import {
  describePlan,
  type Detector,
  fit,
  type FitInput,
  type FitProgress,
  type MemoryPlan,
  parseFitOptions,
} from '../../detector/index.ts'
import { DriftError } from '../../errors.ts'
import {
  type ImageSource,
  modelOutputNamesOf,
  type SkippedImages,
  tallySkipped,
} from '../../images/index.ts'
import { tellFitNote } from '../../wording/index.ts'
import { type ClassifierFlags, readClassifier, readClassNames } from '../classifier-flags.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { showFitProgress } from '../fit-progress.ts'
import { flagName } from '../flag-names.ts'
import {
  type ImageFlags,
  modelOutputFiles,
  openArgument,
  reportSkipped,
} from '../image-arguments.ts'
import { requireOutputs } from '../outputs.ts'
import { choosePolicy, type PolicyFlags } from '../policy-flags.ts'
import { createProgressLine, formatDuration } from '../progress.ts'
import { shellWord } from '../shell-word.ts'
import { describeModelOutputs } from '../model-output-words.ts'
import type { Strengths } from '../tolerance-flag.ts'

/** Flags of `pixeldrift fit`. */
export type FitFlags = ImageFlags &
  PolicyFlags &
  ClassifierFlags &
  Pick<
    FitInput,
    | 'preset'
    | 'resize'
    | 'device'
    | 'seed'
    | 'epochs'
    | 'maxImages'
    | 'threads'
    | 'blockBy'
    | 'batchSizes'
    | 'unseenByClassifier'
  > & {
    readonly out: string
    readonly reference?: string | undefined
    /** NPY files of what the user's own model said of the images of `reference`. */
    readonly referenceProbabilities?: string | undefined
    readonly referenceLogits?: string | undefined
    readonly referenceEmbeddings?: string | undefined
    readonly size?: number | undefined
    readonly tolerate?: Strengths | undefined
    readonly tolerateFiles?: readonly string[] | undefined
    readonly features?: readonly string[] | undefined
    readonly resume?: string | undefined
    readonly strict?: true | undefined
    readonly json?: true | undefined
  }

/** `pixeldrift fit <images>`: learns a detector and writes it to a file. */
export async function runFit(
  location: string,
  flags: FitFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const started = context.now()
  const classNames = await readClassNames(flags.classNames)
  const settings = parseFitOptions({ ...settingsOf(flags), classNames }, flagName)
  await requireOutputs({ '--out': flags.out, '--resume': flags.resume }, [
    location,
    flags.classifier,
    ...Object.values(modelOutputFiles(flags)),
    flags.reference,
    ...Object.values(referenceOutputs(flags)),
  ])
  const classifier = await readClassifier(flags)
  const source = await openArgument(location, flags, context)
  const reference = await openReference(flags, context)
  const line = createProgressLine(context.err, context.now)
  const show = showFitProgress(line, context.now)
  const notice = noticeFreshStart(flags, context)
  const tally = tallySkipped()
  try {
    const detector = await fit(source, {
      ...settings,
      classifier,
      reference,
      signal: context.signal,
      now: context.wallClock,
      onProgress: (progress) => {
        notice(progress)
        show(progress)
      },
      onPlan: (plan) => sayWhatItTakes(plan, context),
      onSkip: (image) => tally.add(image),
    })
    await detector.save(flags.out)
    // Only now: whoever is killed while the reference is measured need not train again.
    if (flags.resume !== undefined) await rm(flags.resume, { force: true })
    await detector.close()
    line.clear()
    const result = {
      detector,
      skipped: tally.taken(),
      path: flags.out,
      milliseconds: context.now() - started,
    }
    context.out.write(flags.json === true ? asJson(result) : describe(result))
    return EXIT.noDrift
  } finally {
    line.clear()
    reportSkipped(tally.taken(), context)
    if (context.signal.aborted) sayHowToGoOn(flags, context)
  }
}

/** The reference of its own, read as the other images are. */
async function openReference(
  flags: FitFlags,
  context: CommandContext,
): Promise<ImageSource | undefined> {
  const outputs = referenceOutputs(flags)
  if (flags.reference === undefined) {
    const [name] = modelOutputNamesOf(outputs)
    if (name === undefined) return undefined
    throw new DriftError(
      'config.invalid',
      `expected --reference with --reference-${name}, got none`,
    )
  }
  const { labels, column, layout, limit, pixelLimit } = flags
  const how = { labels, column, layout, limit, pixelLimit, ...outputs }
  return openArgument(flags.reference, how, context)
}

function referenceOutputs(flags: FitFlags) {
  return {
    probabilities: flags.referenceProbabilities,
    logits: flags.referenceLogits,
    embeddings: flags.referenceEmbeddings,
  }
}

/** Worth saying before a long reading. */
const MUCH_MEMORY = 2e9

function sayWhatItTakes(plan: MemoryPlan, { err }: CommandContext): void {
  if (plan.bytes < MUCH_MEMORY) return
  err.write(
    `pixeldrift: reading ${describePlan(plan)} of memory; --max-images or a smaller --size takes less\n`,
  )
}

/** Says so when a training state is there but belongs to another training. */
function noticeFreshStart(
  { resume }: FitFlags,
  { err }: CommandContext,
): (progress: FitProgress) => void {
  let waiting = resume !== undefined && existsSync(resume)
  return ({ stage, epoch }) => {
    if (!waiting || stage !== 'training') return
    waiting = false
    if (epoch !== 1) return
    err.write(`pixeldrift: ${resume} is of other images or settings; training from the start\n`)
  }
}

function sayHowToGoOn({ resume }: FitFlags, { err }: CommandContext): void {
  if (resume === undefined || !existsSync(resume)) return
  err.write(
    `pixeldrift: the training so far is in ${resume}; the same command goes on from there\n`,
  )
}

/** What the flags set; the rest is the detector's defaults. */
function settingsOf(flags: FitFlags): FitInput {
  return {
    preset: flags.preset,
    resize: flags.resize,
    device: flags.device,
    policy: choosePolicy(flags),
    seed: flags.seed,
    epochs: flags.epochs,
    maxImages: flags.maxImages,
    workingSide: flags.size,
    threads: flags.threads,
    checkpoint: flags.resume,
    strict: flags.strict,
    unseenByClassifier: flags.unseenByClassifier,
    blockBy: flags.blockBy,
    batchSizes: flags.batchSizes,
    // The detector's own schema knows which names there are.
    tolerate: flags.tolerate,
    tolerateFiles: flags.tolerateFiles as FitInput['tolerateFiles'],
    features: flags.features as FitInput['features'],
  }
}

type Result = {
  readonly detector: Detector
  readonly skipped: SkippedImages
  readonly path: string
  readonly milliseconds: number
}

function asJson({ detector: { manifest, baseline, extractor }, skipped, path }: Result): string {
  const { neededOutputs } = extractor
  const { named, counts } = skipped
  const figures = {
    ...manifest,
    neededOutputs,
    baselineLoss: baseline.loss.mean,
    skipped: named,
    skippedCounts: counts,
    path,
  }
  return `${JSON.stringify(figures, null, 2)}\n`
}

function describe({
  detector: { manifest, baseline, extractor },
  path,
  milliseconds,
}: Result): string {
  const { training, validation, reference } = manifest.counts
  const { referenceSource } = manifest
  const from = referenceSource === undefined ? '' : ` (from ${referenceSource.location})`
  return [
    `Fitted detector ${manifest.id} in ${formatDuration(milliseconds)}: ${path}`,
    `${training} training, ${validation} validation and ${reference} held-out reference images${from} of ${manifest.shape.join('×')}; baseline loss ${baseline.loss.mean.toFixed(4)}`,
    ...describeModelOutputs(extractor.neededOutputs).map(
      (words) => `Beside the images: ${words}; a check needs them too`,
    ),
    ...(manifest.classNames ? [`Classes: ${manifest.classNames.join(', ')}`] : []),
    ...manifest.notes.map((note) => `Note: ${tellFitNote(note)}`),
    `Next: npx pixeldrift check ${shellWord(path)} <images>`,
    '',
  ].join('\n')
}
