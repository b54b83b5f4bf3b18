import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fitPhotographs, missingPhotographs, photographFolder } from '../harness/photographs.ts'
import { type ContestResult, ratesOf, ratiosTo, runContest } from '../harness/contest.ts'
import { missingPeers, THREADS, workerCommand } from '../harness/peers.ts'
import { ourEntrant, SCORING_PEERS, scoringEntrants } from '../harness/recipe-entrants.ts'
import { ratioOf, type Spread } from '../harness/ratios.ts'
import { defineTopic } from '../harness/topic.ts'
import { SCORERS } from '../workers/recipe-model.ts'

/** The product's own graph on the recipe, and the peers' work alone: the reconstruction and the loss of each image. */
const OURS = 'pixeldrift'
const SAME_WORK = 'pixeldrift-loss-only'
/** The product's own graph of the autoencoder it has unless told otherwise. */
const DEFAULT = 'pixeldrift-default-autoencoder'
const SCORER_OF = { [OURS]: 'product', [SAME_WORK]: 'loss-only', [DEFAULT]: 'default' } as const
const MODES = ['decode', 'score', 'measure'] as const

/** Pace of scoring, from arrays and from files. */
export const topic = defineTopic({
  title: 'Pace of scoring',
  description:
    'Images per second of scoring: decoded batches through the product’s own graph of the recipe, against PyTorch and Keras (in whole batches and in parts of 32, as the product scores) and against ONNX Runtime called from Python, which is the honest limit; and JPEGs against decoding alone. `pixeldrift-loss-only` leaves out the columns that the peers don’t compute, `pixeldrift-default-autoencoder` is what a default detector scores with.',
  options: {
    batch: { kind: 'integer', default: 128, description: 'Images per decoded batch.' },
    rounds: { kind: 'integer', default: 7, quick: 2, description: 'Turns of each side.' },
    seconds: { kind: 'number', default: 2, quick: 0.5, description: 'Length of a turn.' },
  },
  skipReason: async () =>
    (await missingPeers(['torch', 'tensorflow', 'onnxruntime'])) ?? (await missingPhotographs()),
  run: async ({ batch, rounds, seconds }, context) => {
    const turns = { rounds, turnSeconds: seconds }
    const ours = Object.entries(SCORER_OF).map(([name, scorer]) => {
      const entrant = ourEntrant(name, 'recipe-scoring.ts', batch)
      return { name, command: [...entrant.command, '--scorer', scorer] }
    })
    const entrants = [...ours, ...scoringEntrants(batch, await writeScorerFile())]
    const arrays = await runContest(entrants, turns, context)
    const folder = await photographFolder()
    const detector = await fitPhotographs(context)
    const files = await runContest(
      MODES.map((name) => ({
        name,
        command: workerCommand('photographs.ts', [
          '--mode',
          name,
          '--folder',
          folder,
          '--detector',
          detector,
        ]),
      })),
      turns,
      context,
    )
    return {
      ...ratiosTo(arrays, OURS, SCORING_PEERS),
      sameWork: ratiosTo(arrays, SAME_WORK, SCORING_PEERS),
      imagesPerSecond: ratesOf(arrays),
      ...fileFigures(files),
      batch,
      threads: THREADS,
      versions: arrays.versions,
    }
  },
})

/** The product's own graph as a file, for a runtime in another language. */
async function writeScorerFile(): Promise<string> {
  const folder = fileURLToPath(new URL('../../out/bench/', import.meta.url))
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'recipe-scorer.onnx')
  await writeFile(path, SCORERS.product())
  return path
}

/** Time as a multiple of the time that decoding alone takes: scored by the autoencoder, and with all features. */
function fileFigures(files: ContestResult): object {
  const { rates } = files
  const timesDecode = (mode: string): Spread =>
    ratioOf(rates.get('decode') ?? [], rates.get(mode) ?? [])
  const [score, measure] = [timesDecode('score'), timesDecode('measure')]
  return {
    ratioToDecodeOnly: score.median,
    featuresRatioToDecodeOnly: measure.median,
    decodeSpreads: { score, measure },
    imagesPerSecondFromJpegs: ratesOf(files),
  }
}
