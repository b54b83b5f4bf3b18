import { loadDetector } from '../../detector/index.ts'
import { renderTable } from '../../report/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'

/** `pixeldrift inspect <detector>`: says what a detector file holds. */
export async function runInspect(
  path: string,
  { json = false }: { readonly json?: boolean },
  { out }: CommandContext,
): Promise<ExitCode> {
  const detector = await loadDetector(path)
  const { manifest, baseline, stack } = detector
  const { history, bestEpoch } = stack.autoencoder
  await detector.close()
  if (json) {
    const figures = { ...manifest, baselineLoss: baseline.loss.mean, history, bestEpoch }
    out.write(`${JSON.stringify(figures, null, 2)}\n`)
    return EXIT.noDrift
  }
  const { available, training, validation, reference, skipped } = manifest.counts
  const { policy } = manifest
  const rows = [
    ['detector', manifest.id],
    ['written by', `pixeldrift ${manifest.libraryVersion}, seed ${manifest.seed}`],
    ['reference images', `${available} in ${manifest.location}, ${skipped} skipped`],
    ['split', `${training} training, ${validation} validation, ${reference} held out`],
    ['working shape', `${manifest.shape.join('×')} (${manifest.resize})`],
    [
      'policy',
      policy.kind === 'relative'
        ? `mean loss up by ${100 * policy.increase}%`
        : `false-alarm rate ${policy.rate}`,
    ],
    ['baseline loss', baseline.loss.mean.toFixed(4)],
    ['training', `${history.length} epochs, best ${bestEpoch}`],
    ['features', groupCounts(manifest.columns.map(({ group }) => group))],
    ...manifest.notes.map((note) => ['note', note]),
  ]
  out.write(`${renderTable(rows)}\n`)
  return EXIT.noDrift
}

function groupCounts(groups: readonly string[]): string {
  return [...new Set(groups)]
    .map((name) => `${groups.filter((group) => group === name).length} ${name}`)
    .join(', ')
}
