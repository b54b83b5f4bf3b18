import { type WorkerProcess, openProcess } from '../../evaluation/harness/worker-process.ts'
import { missingPeers, peerCommand, THREADS, workerCommand } from '../harness/peers.ts'
import { spreadOf } from '../harness/ratios.ts'
import { writeRecipeData } from '../harness/recipe-data.ts'
import { defineTopic } from '../harness/topic.ts'

type Reached = {
  /** Of training alone. */
  readonly seconds: number
  readonly reached: boolean
  readonly trace: readonly { readonly seconds: number; readonly validationLoss: number }[]
}

/** Evaluations of the validation loss per epoch. */
const EVALUATIONS = 10

/** Adam under a one-cycle schedule: small batches at a high rate learn most from each image. */
const OURS = { batch: 32, peak: 0.012 } as const

/** Time to the recipe's published validation loss. */
export const topic = defineTopic({
  title: 'Time to the published loss',
  description:
    "Seconds of training to the recipe's published validation loss: its architecture under our optimizer and schedule, the recipe in Keras as published, and Keras with our optimizer, schedule and batch size. Most of the time saved is the schedule; the last of the three says how much is the engine.",
  options: {
    loss: {
      kind: 'number',
      default: 0.1011,
      quick: 0.14,
      description: 'Validation loss to reach.',
    },
    seeds: { kind: 'integers', default: [0, 1], quick: [0], description: 'One training each.' },
    epochs: { kind: 'number', default: 1, description: 'Of our schedule.' },
    'keras-epochs': { kind: 'integer', default: 20, quick: 1, description: 'At most.' },
  },
  skipReason: () => missingPeers(['tensorflow']),
  run: async ({ loss, seeds, epochs, 'keras-epochs': kerasEpochs }, { log, signal }) => {
    const data = await writeRecipeData()
    const ours = ['--data', data, '--threads', String(THREADS)]
    const theirs = ['--task', 'time-to-loss', '--mode', 'graph', '--data', data]
    const workers: WorkerProcess[] = []
    try {
      workers.push(
        await openProcess(workerCommand('recipe-time-to-loss.ts', ours), { log, signal }),
        await openProcess(peerCommand('tensorflow', 'keras_recipe.py', theirs), { log, signal }),
      )
      const runs: Run[] = []
      for (const seed of seeds) {
        const request = { cmd: 'run', seed, loss, evaluations: EVALUATIONS }
        const [mine, keras] = workers
        runs.push({
          ours: await mine.ask({ ...request, epochs, ...OURS }),
          kerasWithOurSchedule: await keras.ask({ ...request, epochs, ...OURS }),
          keras: await keras.ask({ ...request, epochs: kerasEpochs }),
        })
      }
      return {
        ...summarise(runs),
        loss,
        threads: THREADS,
        versions: workers.map(({ description }) => description),
      }
    } finally {
      await Promise.all(workers.map((worker) => worker.close()))
    }
  },
})

type Run = Readonly<Record<'ours' | 'keras' | 'kerasWithOurSchedule', Reached>>

function summarise(runs: readonly Run[]) {
  const ratioTo = (peer: 'keras' | 'kerasWithOurSchedule') =>
    spreadOf(runs.map((run) => run.ours.seconds / run[peer].seconds))
  const reachedBy = (side: keyof Run): number => runs.filter((run) => run[side].reached).length
  const [published, sameSchedule] = [ratioTo('keras'), ratioTo('kerasWithOurSchedule')]
  return {
    ratioToKeras: published.median,
    ratioToKerasWithOurSchedule: sameSchedule.median,
    spreads: { published, sameSchedule },
    oursSeconds: spreadOf(runs.map(({ ours }) => ours.seconds)),
    kerasSeconds: spreadOf(runs.map(({ keras }) => keras.seconds)),
    kerasWithOurScheduleSeconds: spreadOf(
      runs.map(({ kerasWithOurSchedule }) => kerasWithOurSchedule.seconds),
    ),
    reached: {
      ours: reachedBy('ours'),
      keras: reachedBy('keras'),
      kerasWithOurSchedule: reachedBy('kerasWithOurSchedule'),
      of: runs.length,
    },
    runs,
  }
}
