import { missingPeers } from '../../bench/harness/peers.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import { DATA } from '../fitted/fitted-subject.ts'
import { defineStudy } from '../harness/study.ts'
import { METHODS } from '../stream/peer-methods.ts'
import { summarisePeers } from '../stream/peer-summary.ts'
import { type PeerCell, type PeerResult, runPeer } from '../stream/run-peer.ts'

const NAMES = METHODS.map(({ name }) => name)

/** How soon do streams see a change, beside what else watches image after image? */
export const study = defineStudy({
  title: 'Images from a change to the alarm, beside other methods',
  description:
    'The streams of stream-delay at one false alarm in 1,000 images: the product’s stream, its window test on one window after the other, and alibi-detect’s online detectors, on 32 principal components of the pixels and on the product’s own features. Every method alarms at the threshold at which streams without a change gave one alarm in 1,000 images, but for the two of ours at their own threshold. Delays are means and 95th percentiles over the runs, and of these the medians over the changes. A false alarm before the change makes a method start anew.',
  revision: 1,
  dependsOn: ['features', 'tests', 'streams'],
  options: {
    data: {
      kind: 'choices',
      choices: DATA,
      default: DATA,
      quick: ['mnist'],
      selects: true,
      description: 'digits, photographs',
    },
    methods: {
      kind: 'choices',
      choices: NAMES,
      default: NAMES,
      quick: ['stream-measured', 'windows-50', 'mmd-10-components'],
      description: 'what watches',
    },
    fitted: {
      kind: 'integer',
      default: 30_000,
      quick: 3000,
      description: 'images that the detector is fitted on',
    },
    runs: {
      kind: 'integer',
      default: 20,
      quick: 2,
      description: 'streams of each change and share',
    },
    nulls: { kind: 'integer', default: 100, quick: 10, description: 'streams without a change' },
    images: { kind: 'integer', default: 2000, quick: 500, description: 'of each of these' },
    falseAlarmEvery: {
      kind: 'integer',
      default: 1000,
      quick: 200,
      description: 'images from one false alarm to the next',
    },
  },
  skipReason: async ({ data }) =>
    (await missingPeers(['alibi'])) ?? (data.includes('cifar10') ? missingCifar10() : undefined),
  cells: ({ data, methods, ...options }) =>
    data.flatMap((name) => methods.map((method): PeerCell => ({ data: name, method, ...options }))),
  run: async (cell: PeerCell, context): Promise<PeerResult> => runPeer(cell, context),
  summarise: (outcomes) => summarisePeers(outcomes),
})
