import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  appearanceShiftTest,
  type AppearanceTestResult,
  confusionMatrix,
  prepareLabelledReference,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'

const LABELS = 3
const COLUMNS = 4

type Rows = {
  readonly values: Float32Array
  readonly labels: Uint32Array
  readonly predicted: Uint32Array
  readonly outputs: { readonly width: number; readonly values: Float32Array }
}

type Mix = readonly [number, number, number]

/** Features by label, one of them heavy-tailed; a classifier that is right in `skill` of the rows and looks at one feature when it errs. */
function draw(
  random: Random,
  { count, mix, skill, shift = 0 }: { count: number; mix: Mix; skill: number; shift?: number },
): Rows {
  const values = new Float32Array(count * COLUMNS)
  const labels = new Uint32Array(count)
  const predicted = new Uint32Array(count)
  const outputs = new Float32Array(count * LABELS)
  for (let row = 0; row < count; row++) {
    const at = random.uniform()
    const label = at < mix[0] ? 0 : at < mix[0] + mix[1] ? 1 : 2
    const first = label + random.normal()
    values.set(
      [
        first,
        (label === 1 ? 1 : 0) + random.normal() + shift,
        Math.exp(2 * random.normal()),
        random.integer(3),
      ],
      row * COLUMNS,
    )
    labels[row] = label
    const guess = first > 1.5 ? 2 : random.integer(2)
    predicted[row] = random.uniform() < skill ? label : guess
    outputs[row * LABELS + predicted[row]] = 1
  }
  return { values, labels, predicted, outputs: { width: LABELS, values: outputs } }
}

const EVEN: Mix = [1 / 3, 1 / 3, 1 / 3]
const groups = [
  { name: 'ranks', columns: [0, 1], kind: 'rank' },
  { name: 'raw', columns: [2, 3], kind: 'rank+raw' },
] as const

function ask(random: Random, reference: Rows, window: Rows): AppearanceTestResult {
  const prepared = prepareLabelledReference(
    prepareOmnibusReference(reference.values, COLUMNS),
    groups,
    {
      rows: Uint32Array.from(reference.labels, (_, row) => row),
      labels: reference.labels,
      labelCount: LABELS,
      outputs: reference.outputs,
      random,
    },
  )
  return appearanceShiftTest(prepared, window, {
    confusion: confusionMatrix(reference.predicted, reference.labels, LABELS),
    permutations: 199,
    random,
  })
}

function pValues(
  seed: number,
  { skill, mix, size = 80, shift }: { skill: number; mix: Mix; size?: number; shift?: number },
  times: number,
): number[] {
  const random = createRandom(seed)
  return Array.from({ length: times }, () => {
    const reference = draw(random, { count: 500, mix: EVEN, skill })
    const window = draw(random, { count: size, mix, skill, ...(shift !== undefined && { shift }) })
    return ask(random, reference, window).pValue ?? 1
  })
}

function share(values: readonly number[], level: number): number {
  return values.filter((value) => value <= level).length / values.length
}

describe('the test of the look under another mix of labels', () => {
  const mixes: Readonly<Record<string, Mix>> = {
    'the same mix': EVEN,
    'one label only': [0, 1, 0],
    'a tilted mix': [0.6, 0.3, 0.1],
  }
  for (const skill of [0.9, 0.5]) {
    for (const [title, mix] of Object.entries(mixes)) {
      it(`keeps its level under ${title} and a classifier right in ${skill}, neither above nor far below`, () => {
        const found = pValues(1, { skill, mix }, 120)
        // 120 draws at 0.05: more than 12 or fewer than 2 come once in a hundred.
        assert.ok(share(found, 0.05) <= 0.1, `0.05: ${share(found, 0.05)}`)
        assert.ok(share(found, 0.05) >= 0.01, `0.05: ${share(found, 0.05)}`)
        assert.ok(share(found, 0.01) <= 0.035, `0.01: ${share(found, 0.01)}`)
        assert.ok(Math.abs(share(found, 0.5) - 0.5) < 0.16, `0.5: ${share(found, 0.5)}`)
      })
    }

    it(`sees another look beside another mix under a classifier right in ${skill}`, () => {
      const found = pValues(2, { skill, mix: [0.6, 0.3, 0.1], size: 200, shift: 0.6 }, 20)
      assert.ok(share(found, 0.05) >= 0.9, String(share(found, 0.05)))
    })
  }

  it('sees nothing at all in rows of the reference itself, whole labels of it in whatever mix', () => {
    const random = createRandom(6)
    const reference = draw(random, { count: 500, mix: EVEN, skill: 0.6 })
    for (const kept of [[1], [0, 2], [2]]) {
      const rows = [...reference.labels.keys()].filter((row) =>
        kept.includes(reference.labels[row]),
      )
      const pick = (values: Float32Array, width: number) =>
        Float32Array.from(
          rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]),
        )
      const { pValue } = ask(random, reference, {
        values: pick(reference.values, COLUMNS),
        labels: Uint32Array.from(rows, (row) => reference.labels[row]),
        predicted: Uint32Array.from(rows, (row) => reference.predicted[row]),
        outputs: { width: LABELS, values: pick(reference.outputs.values, LABELS) },
      })
      assert.equal(pValue, 1, `labels ${kept.join()}: ${pValue}`)
    }
  })

  it('finds the mix, and says how many reference rows stand for it', () => {
    const random = createRandom(3)
    const reference = draw(random, { count: 3000, mix: EVEN, skill: 0.7 })
    const window = draw(random, { count: 3000, mix: [0.7, 0.2, 0.1], skill: 0.7 })
    const { shares, effective, inflation } = ask(random, reference, window)
    ;[0.7, 0.2, 0.1].forEach((expected, y) => assert.ok(Math.abs(shares[y] - expected) < 0.05))
    const [a, b, c] = shares
    assert.ok(Math.abs(effective - 1000 / (a * a + b * b + c * c)) < 60)
    assert.ok(inflation > 0.8 && inflation < 2, String(inflation))
  })

  it('says that a classifier that guesses tells nothing', () => {
    const random = createRandom(4)
    const blind = (rows: Rows): Rows => ({
      ...rows,
      outputs: { width: LABELS, values: rows.outputs.values.map(() => random.normal()) },
    })
    const reference = blind(draw(random, { count: 500, mix: EVEN, skill: 0 }))
    const window = blind(draw(random, { count: 100, mix: [1, 0, 0], skill: 0 }))
    const { pValue, inflation } = ask(random, reference, window)
    assert.ok(pValue === null || (pValue > 0.05 && inflation > 3), `${pValue}, ${inflation}`)
  })

  it('is not taken in by a single row far from all of the reference', () => {
    const random = createRandom(5)
    const found = Array.from({ length: 20 }, () => {
      const reference = draw(random, { count: 500, mix: EVEN, skill: 0.9 })
      const window = draw(random, { count: 50, mix: EVEN, skill: 0.9 })
      window.values[2] = 1e6
      return ask(random, reference, window).pValue ?? 1
    })
    // Such a row comes once in eleven windows of this size if it comes once among 550 rows.
    assert.ok(share(found, 0.01) === 0, String(share(found, 0.01)))
  })
})
