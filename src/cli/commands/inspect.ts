import {
  type Detector,
  type DetectorManifest,
  largestBatch,
  loadDetector,
  type Policy,
} from '../../detector/index.ts'
import { describeVersions, formatMoment, renderTable, tellFitNote } from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { describeModelOutputs } from '../model-output-words.ts'

/** `pixeldrift inspect <detector>`: says what a detector file holds. */
export async function runInspect(
  path: string,
  { json = false }: { readonly json?: boolean },
  { out }: CommandContext,
): Promise<ExitCode> {
  const detector = await loadDetector(path)
  await detector.close()
  if (json) {
    const { manifest, baseline, extractor } = detector
    const { history, bestEpoch } = extractor.autoencoder
    const { neededOutputs } = extractor
    const figures = {
      ...manifest,
      neededOutputs,
      baselineLoss: baseline.loss.mean,
      history,
      bestEpoch,
    }
    out.write(`${JSON.stringify(figures, null, 2)}\n`)
    return EXIT.noDrift
  }
  out.write(`${renderTable(describe(detector))}\n`)
  return EXIT.noDrift
}

function describe({ manifest, baseline, extractor }: Detector): string[][] {
  const { history, bestEpoch } = extractor.autoencoder
  const { training, validation, reference } = manifest.counts
  return [
    ['detector', manifest.id],
    ['written by', `pixeldrift ${manifest.libraryVersion}, seed ${manifest.seed}`],
    ...(manifest.fittedAt === undefined ? [] : [['fitted', formatMoment(manifest.fittedAt)]]),
    ...(manifest.versions === undefined ? [] : [['with', describeVersions(manifest.versions)]]),
    ...describeSources(manifest),
    ['split', `${training} training, ${validation} validation, ${reference} held out`],
    ['batches', `of at most ${largestBatch(reference)} images, a twentieth of those held out`],
    ['working shape', `${manifest.shape.join('×')} (${manifest.resize})`],
    ['policy', describePolicy(manifest.policy)],
    ['baseline loss', baseline.loss.mean.toFixed(4)],
    ['training', `${history.length} epochs, best ${bestEpoch}`],
    ['features', describeFeatures(manifest)],
    ...describeModelOutputs(extractor.neededOutputs).map((words) => [
      'beside the images',
      `${words}; a check needs them too`,
    ]),
    ...describeTrust(manifest.outputsTrust),
    ...(manifest.classNames === undefined ? [] : [['classes', manifest.classNames.join(', ')]]),
    ...(manifest.labels === undefined
      ? []
      : [['labels', `of the held-out images, ${manifest.labels.length} different ones`]]),
    ...(manifest.blockBy === undefined
      ? []
      : [['blocks', `images of the same ${manifest.blockBy}`]]),
    ...(manifest.prepared === undefined
      ? []
      : [['prepared for', `batches of ${manifest.prepared.sizes.join(', ')} images`]]),
    ...manifest.tolerated.map(({ title }) => ['tolerated', title]),
    ...Object.entries(manifest.tolerance?.limits ?? {}).map(([kind, limit]) => [
      'tolerated',
      `${kind} up to ${limit}`,
    ]),
    ...(manifest.toleratedFiles ?? []).map((trait) => [
      'tolerated',
      `another ${trait} of the files`,
    ]),
    ...manifest.notes.map((note) => ['note', tellFitNote(note)]),
  ]
}

function describeSources({ counts, location, referenceSource }: DetectorManifest): string[][] {
  const [own, other] = [counts, referenceSource]
  const learned = [
    other === undefined ? 'reference images' : 'learned from',
    `${own.available} in ${location}, ${own.skipped} skipped`,
  ]
  if (other === undefined) return [learned]
  const also = `${other.leftOut} left out as learned from, ${other.skipped} skipped`
  return [learned, ['reference images', `${other.available} in ${other.location}, ${also}`]]
}

/** Whether the outputs of the user's model count. */
function describeTrust(trust: DetectorManifest['outputsTrust']): string[][] {
  switch (trust) {
    case undefined:
      return []
    case 'separate-reference':
      return [['classifier', 'count: the reference is of its own']]
    case 'stated':
      return [['classifier', 'count: it has seen none of the images, as was said at the fit']]
    case 'none':
      return [['classifier', 'do not count: it may have been trained on the reference images']]
  }
}

function describePolicy(policy: Policy): string {
  return policy.kind === 'relative'
    ? `mean loss up by ${Number((100 * policy.increase).toPrecision(6))}%`
    : `false-alarm rate ${policy.rate}`
}

/** How many features each group has; those not tested in brackets. */
function describeFeatures({ columns, features }: DetectorManifest): string {
  const names = [...new Set(columns.map(({ group }) => group))]
  return names
    .map((name) => {
      const count = columns.filter(({ group }) => group === name).length
      return features.includes(name) ? `${count} ${name}` : `(${count} ${name})`
    })
    .join(', ')
}
