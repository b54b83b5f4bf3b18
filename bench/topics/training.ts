import { type Entrant, ratesOf, ratioToBest, runContest } from '../harness/contest.ts'
import { missingPeers, peerCommand, THREADS, workerCommand } from '../harness/peers.ts'
import { defineTopic } from '../harness/topic.ts'

const OURS = 'pixeldrift'
const EAGER = ['pytorch-nchw', 'pytorch-channels-last']
const COMPILED = 'pytorch-compile'
const KERAS = ['keras-graph', 'keras-jit']

/** Images per second of the recipe's training step. */
export const topic = defineTopic({
  description: "Images per second of the recipe's training step, against PyTorch and Keras.",
  options: {
    batch: { kind: 'integer', default: 128, description: 'Images per step.' },
    rounds: { kind: 'integer', default: 15, quick: 3, description: 'Turns of each side.' },
    seconds: { kind: 'number', default: 3, quick: 1, description: 'Length of a turn.' },
  },
  skipReason: () => missingPeers(['torch', 'tensorflow']),
  run: async ({ batch, rounds, seconds }, context) => {
    const result = await runContest(entrants(batch), { rounds, turnSeconds: seconds }, context)
    return {
      batch,
      threads: THREADS,
      imagesPerSecond: ratesOf(result),
      ratioToBestEagerPyTorch: ratioToBest(result, OURS, EAGER),
      ratioToBestPyTorch: ratioToBest(result, OURS, [...EAGER, COMPILED]),
      ratioToKeras: ratioToBest(result, OURS, KERAS),
      versions: result.versions,
    }
  },
})

function entrants(batch: number): Entrant[] {
  const words = ['--task', 'training', '--batch', String(batch), '--mode']
  const torch = (mode: string) => peerCommand('torch', 'torch_recipe.py', [...words, mode])
  const keras = (mode: string) => peerCommand('tensorflow', 'keras_recipe.py', [...words, mode])
  return [
    {
      name: OURS,
      command: workerCommand('recipe-training.ts', [
        '--batch',
        String(batch),
        '--threads',
        String(THREADS),
      ]),
    },
    { name: 'pytorch-nchw', command: torch('nchw') },
    { name: 'pytorch-channels-last', command: torch('channels_last') },
    { name: COMPILED, command: torch('compile') },
    { name: 'keras-graph', command: keras('graph') },
    { name: 'keras-jit', command: keras('jit') },
  ]
}
