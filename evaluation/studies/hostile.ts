import { KINDS, type Kind } from '../hostile/base-files.ts'
import { type Fate, readSpoilt } from '../hostile/read-spoilt.ts'
import { defineStudy } from '../harness/study.ts'

type Cell = { readonly kind: Kind; readonly seed: number; readonly files: number }

/** Files of a cell: a minute at most. */
const PER_CELL = 200

/** Does any file, however damaged, do more than be refused? */
export const study = defineStudy({
  title: 'Damaged files',
  description:
    'Files of every kind, cut, overwritten, with bytes put in, taken out, repeated and set to extremes, read one by one: each must give images or be refused with a code and words, without an error of ours, a crash, a hang, or much memory.',
  revision: 1,
  dependsOn: [],
  options: {
    files: { kind: 'integer', default: 1200, quick: 60, description: 'of each kind' },
    seed: { kind: 'integer', default: 1, description: 'of the first two hundred of each kind' },
  },
  cells: ({ files, seed }): Cell[] =>
    KINDS.flatMap((kind, number) =>
      Array.from({ length: Math.ceil(files / PER_CELL) }, (_, i) => ({
        kind,
        seed: seed + 1000 * number + i,
        files: Math.min(PER_CELL, files - i * PER_CELL),
      })),
    ),
  run: async ({ kind, seed, files }: Cell): Promise<Fate> => readSpoilt(kind, seed, files),
  summarise: (outcomes) => {
    const fates = outcomes.map(({ result }) => result)
    const rows = [...Map.groupBy(fates, ({ kind }) => kind)].map(([kind, own]) => ({
      kind,
      files: sum(own.map(({ files }) => files)),
      read: sum(own.map(({ read }) => read)),
      refused: sum(own.flatMap(({ refused }) => Object.values(refused))),
      faults: own.flatMap(({ faults }) => faults).length,
      longestMs: Math.round(Math.max(...own.map(({ longestMs }) => longestMs))),
    }))
    return {
      files: sum(rows.map(({ files }) => files)),
      faults: fates.flatMap(({ faults }) => faults),
      peakMegabytes: Math.round(Math.max(...fates.map(({ peakMegabytes }) => peakMegabytes))),
      kinds: rows,
    }
  },
})

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
