import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  isFullRun,
  type OptionSchema,
  parseOptions,
} from '../../evaluation/harness/option-schema.ts'

const schema = {
  seeds: { kind: 'integers', default: [0, 1, 2], quick: [0], description: 'Seeds.' },
  draws: { kind: 'integer', default: 200, quick: 5, description: 'Draws per cell.' },
  alpha: { kind: 'number', default: 0.05, description: 'Level.' },
  grid: {
    kind: 'choice',
    choices: ['fl', 'natural'],
    default: 'fl',
    selects: true,
    description: 'Grid.',
  },
  shifts: {
    kind: 'choices',
    choices: ['blur', 'noise'],
    default: ['blur'],
    description: 'Shifts.',
  },
} as const satisfies OptionSchema

const parse = (...words: string[]): object => parseOptions(schema, words, { quick: false })

describe('parseOptions', () => {
  it('gives the defaults, and under --quick the quick values', () => {
    const defaults = { seeds: [0, 1, 2], draws: 200, alpha: 0.05, grid: 'fl', shifts: ['blur'] }
    assert.deepEqual(parse(), defaults)
    assert.deepEqual(parseOptions(schema, [], { quick: true }), {
      ...defaults,
      seeds: [0],
      draws: 5,
    })
  })

  it('reads numbers, lists, ranges and choices', () => {
    const words = ['--seeds', '4-6,9', '--draws=7', '--alpha', '1e-3', '--shifts', 'noise,blur']
    assert.deepEqual(parse(...words, '--grid', 'natural'), {
      seeds: [4, 5, 6, 9],
      draws: 7,
      alpha: 0.001,
      grid: 'natural',
      shifts: ['noise', 'blur'],
    })
  })

  it('prefers what is said over the quick value', () => {
    const { draws } = parseOptions(schema, ['--draws', '9'], { quick: true })
    assert.equal(draws, 9)
  })

  for (const [words, message] of [
    [['--draws', '1.5'], /expected a number for --draws, got "1.5"/],
    [['--draws', ''], /expected a number for --draws/],
    [['--seeds', '1,x'], /expected a number for --seeds, got "x"/],
    [['--grid', 'q'], /expected one of fl, natural for --grid, got "q"/],
    [['--shifts', 'blur,fog'], /got "fog"/],
    [['--sheeds', '1'], /--sheeds/],
    [['stray'], /stray/],
  ] as const) {
    it(`refuses ${words.join(' ')}`, () => {
      assert.throws(() => parse(...words), { code: 'config.invalid', message })
    })
  }

  it('lists the options when one is unknown', () => {
    assert.throws(() => parse('--sheeds', '1'), { hint: /--seeds, --draws/ })
  })
})

describe('isFullRun', () => {
  it('asks for default values, except of options that select', () => {
    assert.equal(isFullRun(schema, parseOptions(schema, [], { quick: false })), true)
    assert.equal(
      isFullRun(schema, parseOptions(schema, ['--grid', 'natural'], { quick: false })),
      true,
    )
    assert.equal(
      isFullRun(schema, parseOptions(schema, ['--seeds', '0-1'], { quick: false })),
      false,
    )
    assert.equal(isFullRun(schema, parseOptions(schema, [], { quick: true })), false)
  })
})
