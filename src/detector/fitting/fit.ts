import {
  type ImageShape,
  type ImageSource,
  probeShape,
  type SkippedImage,
} from '../../images/index.ts'
import type { ClassifierInput } from '../../representations/index.ts'
import { describeFit } from './describe-fit.ts'
import { createDetector, type Detector } from '../detector.ts'
import { fitExtractor } from './fit-extractor.ts'
import type { FitWatch } from './fit-progress.ts'
import { looksAtFiles } from './look-at-files.ts'
import { availableMemory } from './available-memory.ts'
import {
  imageLimits,
  type ImageLimits,
  type MemoryPlan,
  planMemory,
  requireMemory,
} from './memory-plan.ts'
import { measureReference } from './measure-reference.ts'
import { type FitSettings, parseFitOptions } from '../settings/options.ts'
import type { FitInput } from '../settings/settings.ts'
import { type Clock, installedVersions, systemClock } from '../provenance.ts'
import { readParts } from './read-parts.ts'
import { requirePresetSides, workingShape } from './working-shape.ts'

/** Settings of a fit, and what it is told while it runs. */
export type FitOptions = FitInput &
  FitWatch & {
    /**
     * Images apart from those that are learned from, which the classifier has not seen: the baseline comes from them.
     * Without it part of the images is held out. An image of both is left out here.
     */
    readonly reference?: ImageSource | undefined
    /** Adds its outputs and predicted classes to the features; they count with `reference` or `unseenByClassifier` only. */
    readonly classifier?: ClassifierInput | undefined
    /** Called for each image left out, as it is met; of a detector only their number is kept. */
    readonly onSkip?: ((skipped: SkippedImage) => void) | undefined
    /** Called before the images are read, with the memory that they will take at most. */
    readonly onPlan?: ((plan: MemoryPlan) => void) | undefined
    /** Bytes that the fit may take; by default what the system has. A fit that would take more is refused before it reads. */
    readonly memoryBytes?: number | undefined
    /** Says when the fit was made; the system's clock by default. */
    readonly now?: Clock | undefined
  }

/** Learns what the reference images look like. Minutes for 10,000 images of 28×28 on two cores. */
export async function fit(source: ImageSource, options: FitOptions = {}): Promise<Detector> {
  const { signal, onProgress, onSkip, onPlan, memoryBytes, classifier, reference, now, ...input } =
    options
  const settings = parseFitOptions(input)
  const watch: FitWatch = { signal, onProgress }
  const probed = await probeShape(source, watch)
  const shape = workingShape(probed.shape, settings.workingSide)
  const { depth } = probed
  requirePresetSides(shape, settings.preset)
  const { classNames } = settings
  const limits = imageLimits(shape, settings.maxImages)
  const guard = guardMemory(
    { source, reference },
    { shape, limits, tolerate: settings.tolerate, memoryBytes, onPlan },
  )
  const model = classifier && { ...classifier, classNames: classNames ?? classifier.classNames }
  const parts = await readParts(
    { source, reference, classifier: model, settings, shape, depth, limits },
    {
      signal,
      onSkip,
      onRead: (done, total) => {
        guard(done)
        onProgress?.({ stage: 'reading', done, total })
      },
    },
  )
  const extractor = await fitExtractor(parts.learning, settings, {
    signal,
    classifier: model,
    depth,
    // Of images the model was trained on its outputs are memory: a measure of nothing new.
    scoreOutputs: parts.trust === 'stated',
    hasFiles: looksAtFiles(parts, settings),
    onProgress: ({ imagesDone, imagesTotal, ...epoch }) =>
      onProgress?.({ stage: 'training', done: imagesDone, total: imagesTotal, ...epoch }),
  })
  try {
    const made = {
      fittedAt: (now ?? systemClock)().toISOString(),
      versions: await installedVersions(),
    }
    const { reference: held, blocks, known, labels, records } = parts
    const measured = await measureReference({ extractor, held, blocks, settings }, watch)
    const stored = { ...measured, known, records, labels: labels?.codes }
    const manifest = describeFit({ parts, settings, limits, made, probed }, stored)
    const detector = createDetector({ ...stored, manifest })
    if (settings.batchSizes.length === 0) return detector
    const prepared = detector.withBatchSizes(settings.batchSizes)
    await detector.close()
    return prepared
  } catch (error) {
    await extractor.close()
    throw error
  }
}

type Sources = { readonly source: ImageSource; readonly reference: ImageSource | undefined }

type Planned = {
  readonly onPlan: FitOptions['onPlan'] | undefined
  readonly memoryBytes: number | undefined
  readonly shape: ImageShape
  readonly limits: ImageLimits
  readonly tolerate: FitSettings['tolerate']
}

/** Refuses what there is no memory for: before the reading where the number of images is known, else as they come. */
function guardMemory({ source, reference }: Sources, planned: Planned): (read: number) => void {
  const { shape, limits, tolerate, memoryBytes = availableMemory(), onPlan } = planned
  const tolerates = Object.values(tolerate).some((strength) => (strength ?? 0) > 0)
  const drawn = Math.min(limits.maxImages, source.count ?? limits.maxImages)
  const held =
    reference === undefined
      ? 0
      : Math.min(limits.maxReference, reference.count ?? limits.maxReference)
  const plan = planMemory(shape, { images: drawn + held, tolerates })
  onPlan?.(plan)
  const isKnown =
    source.count !== undefined && (reference === undefined || reference.count !== undefined)
  if (isKnown) requireMemory(plan, memoryBytes)
  return (read) => {
    if (isKnown) return
    requireMemory(planMemory(shape, { images: Math.min(read, drawn), tolerates }), memoryBytes)
  }
}
