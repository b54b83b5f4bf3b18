import { fitPhotographs, missingPhotographs, photographFolder } from '../harness/photographs.ts'
import { type ContestResult, ratesOf, ratiosTo, runContest } from '../harness/contest.ts'
import { missingPeers, THREADS, workerCommand } from '../harness/peers.ts'
import { ourEntrant, peerEntrants, RECIPE_PEERS } from '../harness/recipe-entrants.ts'
import { ratioOf, type Spread } from '../harness/ratios.ts'
import { defineTopic } from '../harness/topic.ts'

const OURS = 'pixeldrift'
const FULL = 'pixeldrift-all-columns'
const MODES = ['decode', 'score', 'measure'] as const

/** Pace of scoring, from arrays and from files. */
export const topic = defineTopic({
  title: 'Pace of scoring',
  description:
    'Images per second of scoring: from decoded batches against PyTorch and Keras, and from JPEGs against decoding alone.',
  options: {
    batch: { kind: 'integer', default: 128, description: 'Images per decoded batch.' },
    rounds: { kind: 'integer', default: 15, quick: 3, description: 'Turns of each side.' },
    seconds: { kind: 'number', default: 3, quick: 1, description: 'Length of a turn.' },
  },
  skipReason: async () =>
    (await missingPeers(['torch', 'tensorflow'])) ?? (await missingPhotographs()),
  run: async ({ batch, rounds, seconds }, context) => {
    const turns = { rounds, turnSeconds: seconds }
    const full = ourEntrant(FULL, 'recipe-scoring.ts', batch)
    const arrays = await runContest(
      [
        ourEntrant(OURS, 'recipe-scoring.ts', batch),
        { ...full, command: [...full.command, '--scorer', 'full'] },
        ...peerEntrants('scoring', batch),
      ],
      turns,
      context,
    )
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
      ...ratiosTo(arrays, OURS, RECIPE_PEERS),
      imagesPerSecond: ratesOf(arrays),
      ...fileFigures(files),
      batch,
      threads: THREADS,
      versions: arrays.versions,
    }
  },
})

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
