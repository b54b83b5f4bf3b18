import {
  type Detector,
  type DetectorManifest,
  loadDetector,
  type Policy,
} from '../../detector/index.ts'
import { describeVersions, formatMoment, renderTable } from '../../report/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { describeVectors } from '../vector-words.ts'

/** `pixeldrift inspect <detector>`: says what a detector file holds. */
export async function runInspect(
  path: string,
  { json = false }: { readonly json?: boolean },
  { out }: CommandContext,
): Promise<ExitCode> {
  const detector = await loadDetector(path)
  await detector.close()
  if (json) {
    const { manifest, baseline, stack } = detector
    const { history, bestEpoch } = stack.autoencoder
    const { given } = stack
    const figures = { ...manifest, given, baselineLoss: baseline.loss.mean, history, bestEpoch }
    out.write(`${JSON.stringify(figures, null, 2)}\n`)
    return EXIT.noDrift
  }
  out.write(`${renderTable(describe(detector))}\n`)
  return EXIT.noDrift
}

function describe({ manifest, baseline, stack }: Detector): string[][] {
  const { history, bestEpoch } = stack.autoencoder
  const { available, training, validation, reference, skipped } = manifest.counts
  return [
    ['detector', manifest.id],
    ['written by', `pixeldrift ${manifest.libraryVersion}, seed ${manifest.seed}`],
    ...(manifest.fittedAt === undefined ? [] : [['fitted', formatMoment(manifest.fittedAt)]]),
    ...(manifest.versions === undefined ? [] : [['with', describeVersions(manifest.versions)]]),
    ['reference images', `${available} in ${manifest.location}, ${skipped} skipped`],
    ['split', `${training} training, ${validation} validation, ${reference} held out`],
    ['working shape', `${manifest.shape.join('×')} (${manifest.resize})`],
    ['policy', describePolicy(manifest.policy)],
    ['baseline loss', baseline.loss.mean.toFixed(4)],
    ['training', `${history.length} epochs, best ${bestEpoch}`],
    ['features', describeFeatures(manifest)],
    ...describeVectors(stack.given).map((words) => [
      'beside the images',
      `${words}; a check needs them too`,
    ]),
    ...(manifest.blockBy === undefined
      ? []
      : [['blocks', `images of the same ${manifest.blockBy}`]]),
    ...(manifest.prepared === undefined
      ? []
      : [['prepared for', `batches of ${manifest.prepared.sizes.join(', ')} images`]]),
    ...manifest.tolerated.map(({ title }) => ['tolerated', title]),
    ...manifest.notes.map((note) => ['note', note]),
  ]
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
