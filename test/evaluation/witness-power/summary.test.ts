import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  summariseWitness,
  type WitnessFigures,
  witnessTables,
} from '../../../evaluation/witness-power/summary.ts'

type Given = readonly ['none' | 'not-taught' | 'taught', alarms: number, delays: number[]]

const outcome = (change: string, [witness, alarms, delays]: Given) => ({
  change,
  witness,
  alarms: [{ share: 0.5, alarms }],
  delays: [{ share: 0.5, delays }],
})

const figures: WitnessFigures = summariseWitness([
  {
    data: 'mnist',
    family: 'grain',
    batches: 10,
    outcomes: [
      outcome('noise', ['none', 2, [100, 300]]),
      outcome('noise', ['not-taught', 3, [100, 100]]),
      outcome('noise', ['taught', 10, [10, 10]]),
      outcome('wrong-pixels', ['none', 4, [50, 50]]),
      outcome('wrong-pixels', ['not-taught', 4, [64, 64]]),
      outcome('wrong-pixels', ['taught', 10, [40, 40]]),
    ],
  },
])

test('power is a mean over changes, delay a geometric one', () => {
  assert.deepEqual(figures.rows, [
    {
      data: 'mnist',
      family: 'grain',
      changes: 2,
      share: 0.5,
      power: { none: 0.3, 'not-taught': 0.35, taught: 1 },
      delay: { none: 100, 'not-taught': 80, taught: 20 },
    },
  ])
})

test('tables say how much sooner or later', () => {
  const [power, delay] = witnessTables(figures)
  assert.deepEqual(power.rows, [['digits', 'grain (2)', '.50', '.30', '.35', '1']])
  assert.deepEqual(delay.rows, [['digits', 'grain (2)', '.50', '100', '80', '20', '−20%']])
})
