import { ratesOf, ratiosTo, runContest } from '../harness/contest.ts'
import { missingPeers, THREADS } from '../harness/peers.ts'
import { ourEntrant, peerEntrants, RECIPE_PEERS } from '../harness/recipe-entrants.ts'
import { defineTopic } from '../harness/topic.ts'

const OURS = 'pixeldrift'

/** Pace of the recipe's training step. */
export const topic = defineTopic({
  title: 'Pace of training',
  description: "Images per second of the recipe's training step, against PyTorch and Keras.",
  options: {
    batch: { kind: 'integer', default: 128, description: 'Images per step.' },
    rounds: { kind: 'integer', default: 9, quick: 3, description: 'Turns of each side.' },
    seconds: { kind: 'number', default: 3, quick: 1, description: 'Length of a turn.' },
  },
  skipReason: () => missingPeers(['torch', 'tensorflow']),
  run: async ({ batch, rounds, seconds }, context) => {
    const entrants = [
      ourEntrant(OURS, 'recipe-training.ts', batch),
      ...peerEntrants('training', batch),
    ]
    const result = await runContest(entrants, { rounds, turnSeconds: seconds }, context)
    return {
      ...ratiosTo(result, OURS, RECIPE_PEERS),
      imagesPerSecond: ratesOf(result),
      batch,
      threads: THREADS,
      versions: result.versions,
    }
  },
})
