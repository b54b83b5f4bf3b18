import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  labelShiftTest,
  omnibusExact,
  type OmnibusGroup,
  prepareOmnibusReference,
} from '../../../src/statistics/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { assertNotAbove, assertUniform, binomialBounds } from '../level.ts'

const groups: OmnibusGroup[] = [
  { name: 'plain', columns: [0], kind: 'rank' },
  { name: 'tails', columns: [1], kind: 'rank+raw' },
]

type Sample = {
  readonly values: Float32Array
  readonly classes: Uint32Array
  readonly blocks: Uint32Array
}

type SampleOptions = {
  readonly blocks: number
  /** Chance that a row of a block is of class 1. */
  readonly share: (random: Random) => number
  readonly offset?: number
  /** Standard deviation within each class. */
  readonly spread?: readonly [number, number]
}

/** Blocks of 2 to 9 rows that share a light of their own; two classes that look different. */
function draw(
  random: Random,
  { blocks, share, offset = 0, spread = [1, 1] }: SampleOptions,
): Sample {
  const rows: { values: number[]; label: number; block: number }[] = []
  for (let block = 0; block < blocks; block++) {
    const light = random.normal()
    const ones = share(random)
    for (let i = 2 + random.integer(8); i > 0; i--) {
      const label = random.uniform() < ones ? 1 : 0
      const own = 3 * label + light + offset + spread[label] * random.normal()
      rows.push({ values: [own, Math.exp(label + light + random.normal())], label, block })
    }
  }
  return {
    values: Float32Array.from(rows.flatMap(({ values }) => values)),
    classes: Uint32Array.from(rows, ({ label }) => label),
    blocks: Uint32Array.from(rows, ({ block }) => block),
  }
}

const pure = (share: number) => (random: Random) => (random.uniform() < share ? 1 : 0)
const mixed = (share: number) => (random: Random) =>
  Math.min(1, Math.max(0, share + 0.25 * random.normal()))

type Pair = { readonly reference: Sample; readonly window: Sample }

type Uses = 'blocks' | 'strata' | 'both' | 'neither'

function testPair({ reference, window }: Pair, random: Random, uses: Uses = 'both'): number {
  const blocks = { reference: reference.blocks, window: window.blocks }
  const strata = { reference: reference.classes, window: window.classes }
  return omnibusExact(prepareOmnibusReference(reference.values, 2), window.values, groups, {
    permutations: 99,
    random,
    blocks: uses === 'both' || uses === 'blocks' ? blocks : undefined,
    strata: uses === 'both' || uses === 'strata' ? strata : undefined,
  }).pValue
}

function pValues(
  trials: number,
  from: { readonly reference: SampleOptions; readonly window: SampleOptions },
  uses?: Uses,
): number[] {
  const random = createRandom(7)
  return Array.from({ length: trials }, () =>
    testPair(
      { reference: draw(random, from.reference), window: draw(random, from.window) },
      random,
      uses,
    ),
  )
}

const LEVELS = [0.01, 0.05, 0.1, 0.5]

test('the class-conditional test is exact for blocks of one class each, whatever their mix', () => {
  const found = pValues(1500, {
    reference: { blocks: 50, share: pure(0.5) },
    window: { blocks: 8, share: pure(0.9) },
  })
  assertUniform(found, LEVELS)
})

for (const [name, spread] of [
  ['alike', [1, 1]],
  ['one of them three times as varied', [1, 3]],
] as const) {
  test(`it keeps its level for blocks that mix classes, ${name}, when the mix changed`, () => {
    const found = pValues(1500, {
      reference: { blocks: 50, share: mixed(0.5), spread },
      window: { blocks: 8, share: mixed(0.85), spread },
    })
    assertNotAbove(found, [0.01, 0.05, 0.1])
    assert.ok(found.filter((p) => p <= 0.1).length > 0.06 * 1500)
  })
}

const moved = {
  reference: { blocks: 50, share: mixed(0.5) },
  window: { blocks: 8, share: mixed(0.85) },
}

test('neither blocks nor classes alone keep it', () => {
  for (const uses of ['blocks', 'strata', 'neither'] as const) {
    const [, high] = binomialBounds(200, 0.1)
    const alarms = pValues(200, moved, uses).filter((p) => p <= 0.1).length
    assert.ok(alarms > 1.5 * high, `${alarms} alarms with ${uses}`)
  }
})

test('a change of what a class looks like is found through both', () => {
  const found = pValues(100, { ...moved, window: { ...moved.window, offset: 2.5 } })
  assert.ok(found.filter((p) => p <= 0.05).length >= 95)
})

test('blocks of one row are exchanged as the rows themselves', () => {
  const random = createRandom(8)
  const single = (sample: Sample): Sample => ({
    ...sample,
    blocks: Uint32Array.from(sample.classes, (_, row) => row),
  })
  for (let trial = 0; trial < 20; trial++) {
    const pair = {
      reference: single(draw(random, { blocks: 20, share: mixed(0.5) })),
      window: single(draw(random, { blocks: 4, share: mixed(0.8) })),
    }
    const both = testPair(pair, createRandom(trial))
    assert.ok(Math.abs(both - testPair(pair, createRandom(trial), 'strata')) < 0.011)
  }
})

test('the label test exchanges blocks whole, and keeps its level by that', () => {
  const random = createRandom(9)
  const trial = (blocked: boolean) => {
    const reference = draw(random, { blocks: 50, share: pure(0.5) })
    const window = draw(random, { blocks: 8, share: pure(0.5) })
    return labelShiftTest(reference.classes, window.classes, {
      random,
      permutations: 99,
      blocks: blocked ? { reference: reference.blocks, window: window.blocks } : undefined,
    })
  }
  assertUniform(
    Array.from({ length: 1500 }, () => trial(true)),
    LEVELS,
  )
  const [, high] = binomialBounds(200, 0.1)
  const alarms = Array.from({ length: 200 }, () => trial(false)).filter((p) => p <= 0.1).length
  assert.ok(alarms > 2 * high, `${alarms} alarms row by row`)
})

test('the label test finds another mix of blocks', () => {
  const random = createRandom(10)
  const reference = draw(random, { blocks: 60, share: pure(0.5) })
  const window = draw(random, { blocks: 20, share: pure(1) })
  const blocks = { reference: reference.blocks, window: window.blocks }
  assert.equal(labelShiftTest(reference.classes, window.classes, { random, blocks }), 0.001)
})
