/** A study for the harness's own tests: squares numbers, and misbehaves where a cell says so. */
import { appendFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { defineStudy } from '../../../evaluation/harness/study.ts'

type Cell = { readonly value: number; readonly behaviour: 'works' | 'throws' | 'dies' | 'is-slow' }

export const study = defineStudy({
  description: 'Squares numbers.',
  revision: 1,
  dependsOn: ['features', 'tests'],
  options: {
    values: { kind: 'integers', default: [1, 2, 3], quick: [1], description: 'What to square.' },
    behaviour: {
      kind: 'choice',
      choices: ['works', 'throws', 'dies', 'is-slow'],
      default: 'works',
      description: 'What the cell of 2 does.',
    },
  },
  cells: ({ values, behaviour }): Cell[] =>
    values.map((value) => ({ value, behaviour: value === 2 ? behaviour : 'works' })),
  run: async ({ value, behaviour }: Cell, { threads }) => {
    const diary = process.env['SQUARES_DIARY']
    if (diary !== undefined) await appendFile(diary, `${value}\n`)
    if (behaviour === 'throws') throw new RangeError('two is refused')
    if (behaviour === 'dies') process.kill(process.pid, 'SIGKILL')
    if (behaviour === 'is-slow') await setTimeout(60_000)
    return { square: value * value, threads }
  },
  summarise: (outcomes) => ({
    squares: outcomes.map(({ cell, result }) => [cell.value, result.square]),
  }),
})
