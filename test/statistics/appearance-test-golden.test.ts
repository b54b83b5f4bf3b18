import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  appearanceShiftTest,
  confusionMatrix,
  type OmnibusGroup,
  prepareLabelledReference,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'
import { assertClose } from './golden.ts'

type Row = readonly number[]

type Rows = {
  readonly values: Row
  readonly predicted: Row
  readonly outputs: readonly Row[]
  readonly blocks: Row | null
}

/** Made by test/golden/appearance-test.py with NumPy. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/appearance-test.json', import.meta.url), 'utf8'),
) as {
  readonly groups: readonly OmnibusGroup[]
  readonly cases: readonly {
    readonly name: string
    readonly reference: Rows & {
      readonly rows: Row
      readonly labels: Row
      readonly classes: number
      readonly labelCount: number
    }
    readonly window: Rows
    /** In which rows, or blocks, are dealt out to parts. */
    readonly permutation: Row
    /** Integers and uniform numbers, in the order they are asked for. */
    readonly drawn: Row
    readonly permutations: number
    readonly pValue: number
    readonly inflation: number
    readonly effective: number
    readonly shares: Row
  }[]
}

const COLUMNS = 4

function scripted(permutation: Row, drawn: Row): Random & { readonly left: () => number } {
  let next = 0
  return {
    ...createRandom(0),
    permutation: (count) => {
      assert.equal(count, permutation.length)
      return Uint32Array.from(permutation)
    },
    uniform: () => drawn[next++],
    integer: (limit) => {
      assert.ok(drawn[next] < limit)
      return drawn[next++]
    },
    left: () => drawn.length - next,
  }
}

const outputsOf = ({ outputs }: Rows) => ({
  width: outputs[0].length,
  values: Float32Array.from(outputs.flat()),
})

const blocksOf = ({ blocks }: Rows) => (blocks === null ? undefined : Uint32Array.from(blocks))

describe('the test of the look under another mix of labels', () => {
  for (const { name, reference, window, permutation, drawn, ...expected } of golden.cases) {
    it(`is what its formulas say, draw for draw: ${name}`, () => {
      const random = scripted(permutation, drawn)
      const prepared = prepareLabelledReference(
        prepareOmnibusReference(Float32Array.from(reference.values), COLUMNS),
        golden.groups,
        {
          rows: Uint32Array.from(reference.rows),
          labels: Uint32Array.from(reference.labels),
          labelCount: reference.labelCount,
          outputs: outputsOf(reference),
          blocks: blocksOf(reference),
          random,
        },
      )
      const size = [reference.classes, reference.labelCount] as const
      const found = appearanceShiftTest(
        prepared,
        {
          values: Float32Array.from(window.values),
          outputs: outputsOf(window),
          predicted: window.predicted,
          blocks: blocksOf(window),
        },
        {
          confusion: confusionMatrix(reference.predicted, reference.labels, size),
          permutations: expected.permutations,
          random,
        },
      )
      assert.equal(random.left(), 0)
      expected.shares.forEach((share, y) => assertClose(found.shares[y], share, 1e-9))
      assertClose(found.effective, expected.effective, 1e-9)
      assertClose(found.inflation, expected.inflation, 1e-5)
      assert.equal(found.pValue, expected.pValue)
    })
  }
})

/** The first case, with a stream of its own and what is changed. */
function ask({
  label = (of: number, _row: number) => of,
  labelCount = 3,
  groups = golden.groups,
  constant = false,
  windowBlocks,
}: {
  readonly label?: (of: number, row: number) => number
  readonly labelCount?: number
  readonly groups?: readonly OmnibusGroup[]
  /** Whether the last column is the same in every row. */
  readonly constant?: boolean
  readonly windowBlocks?: Uint32Array
}) {
  const [{ reference, window }] = golden.cases
  const random = createRandom(3)
  const valuesOf = ({ values }: Rows) =>
    Float32Array.from(values, (value, i) => (constant && i % COLUMNS === 3 ? 5 : value))
  const labels = Uint32Array.from(reference.labels, label)
  const prepared = prepareLabelledReference(
    prepareOmnibusReference(valuesOf(reference), COLUMNS),
    groups,
    {
      rows: Uint32Array.from(reference.rows),
      labels,
      labelCount,
      outputs: outputsOf(reference),
      random,
    },
  )
  const confusion = confusionMatrix(reference.predicted, labels, [3, labelCount])
  const own = { values: valuesOf(window), outputs: outputsOf(window), predicted: window.predicted }
  return appearanceShiftTest(
    prepared,
    { ...own, blocks: windowBlocks },
    { confusion, permutations: 49, random },
  )
}

describe('the look under another mix of labels', () => {
  it('is not known where a label has no rows, or so few that some draws are without', () => {
    for (const unknown of [
      ask({ labelCount: 4 }),
      ask({ label: (of, row) => (row === 5 ? 3 : of), labelCount: 4 }),
    ]) {
      assert.equal(unknown.pValue, null)
      assert.equal(unknown.inflation, Infinity)
      assert.equal(unknown.shares.length, 4)
      assert.ok(unknown.effective > 10)
    }
    const known = ask({})
    assert.ok(known.pValue !== null && known.inflation > 0.5 && known.inflation < 10)
  })

  it('is asked of rows where only the window comes in blocks', () => {
    assert.deepEqual(ask({ windowBlocks: new Uint32Array(25) }), ask({}))
  })

  it('is known by scores that scatter: the raw value of a constant is none', () => {
    const at = (kind: OmnibusGroup['kind']) =>
      ask({ constant: true, groups: [golden.groups[0], { name: 'last', columns: [3], kind }] })
    assert.equal(at('rank+raw').inflation, at('rank').inflation)
  })
})

describe('discriminants of labels', () => {
  it('are the outputs themselves where these say nothing but the label', () => {
    const labels = Uint32Array.of(0, 1, 0, 1)
    const outputs = { width: 2, values: Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1) }
    const { discriminants } = prepareLabelledReference(
      prepareOmnibusReference(Float32Array.of(1, 2, 3, 4), 1),
      [{ name: 'one', columns: [0], kind: 'rank' }],
      { rows: Uint32Array.of(0, 1, 2, 3), labels, labelCount: 2, outputs, random: createRandom(1) },
    )
    assert.deepEqual([...discriminants.data], [1, 0, 0, 1])
  })
})
