import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { embedChanges } from '../../../../src/detector/fitting/tolerance/embed-changes.ts'
import { prepareOmnibusReference } from '../../../../src/statistics/index.ts'
import { createRandom } from '../../../../src/tensor/index.ts'

const REFERENCE = 500
const COPIES = 4000
const WIDTH = 3
const GROUPS = [{ name: 'numbers', columns: [0, 1, 2], kind: 'rank' as const }]

/** A change: a strength that moves the first column, another that moves the second, and a number that moves nothing. */
type Description = readonly [strength: number, other: number, nothing: number]

const byHand = (description: Description) => ({ description, tool: [] })

const random = createRandom(4)
const reference = Float32Array.from({ length: REFERENCE * WIDTH }, () => random.normal())
const descriptions = Array.from({ length: COPIES }, (): Description => [
  2 * random.uniform() - 1,
  random.integer(2),
  5 * random.normal(),
])
const changes = descriptions.map(byHand)
const originals = Uint32Array.from(descriptions, (_, copy) => copy % REFERENCE)
const values = Float32Array.from(
  descriptions.flatMap(([strength, other], copy) => {
    const [a, b, c] = reference.subarray((copy % REFERENCE) * WIDTH)
    return [a + strength, b + 0.8 * other, c]
  }),
)

function embed(others: readonly Description[]): Float32Array[] {
  const positions = embedChanges(
    prepareOmnibusReference(reference, WIDTH),
    { values, originals, changes },
    { groups: GROUPS, others: others.map(byHand) },
  ).others
  const dimensions = positions.length / others.length
  return others.map((_, i) => positions.subarray(i * dimensions, (i + 1) * dimensions))
}

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.hypot(...a.map((one, d) => one - b[d]))

describe('the places of changes', () => {
  it('are near each other where the changes do the same, however they are described', () => {
    const [here, renamed, stronger, byTool] = embed([
      [0.2, 0, -5],
      [0.2, 0, 5],
      [0.8, 0, -5],
      [0.2, 1, -5],
    ])
    const same = distance(here, renamed)
    assert.ok(same < 0.25 * distance(here, stronger), `${same}, ${distance(here, stronger)}`)
    assert.ok(same < 0.25 * distance(here, byTool), `${same}, ${distance(here, byTool)}`)
  })

  it('lie as far apart as the changes differ in what they do', () => {
    const [none, half, whole] = embed([
      [0, 0, 0],
      [0.5, 0, 0],
      [1, 0, 0],
    ])
    const ratio = distance(none, whole) / distance(none, half)
    assert.ok(ratio > 1.6 && ratio < 2.2, String(ratio))
  })

  it('are the same for copies and for other changes that are described alike', () => {
    const { copies, others } = embedChanges(
      prepareOmnibusReference(reference, WIDTH),
      { values, originals, changes },
      { groups: GROUPS, others: changes.slice(0, 5) },
    )
    const dimensions = others.length / 5
    assert.deepEqual(others, copies.slice(0, 5 * dimensions))
  })

  it('count a column that is moved without measure no more than one that is moved clearly', () => {
    const far = values.map((value, i) =>
      i % WIDTH === 0
        ? reference[(Math.floor(i / WIDTH) % REFERENCE) * WIDTH] +
          1e4 * descriptions[Math.floor(i / WIDTH)][0]
        : value,
    )
    const { others } = embedChanges(
      prepareOmnibusReference(reference, WIDTH),
      { values: far, originals, changes },
      {
        groups: GROUPS,
        others: [byHand([0, 0, 0]), byHand([1, 0, 0]), byHand([0, 1, 0])],
      },
    )
    const dimensions = others.length / 3
    const [none, strong, byTool] = [0, 1, 2].map((i) =>
      others.subarray(i * dimensions, (i + 1) * dimensions),
    )
    const ratio = distance(none, strong) / distance(none, byTool)
    assert.ok(ratio < 10, String(ratio))
  })

  it('are far apart where different tools made them, whatever they do', () => {
    const { others } = embedChanges(
      prepareOmnibusReference(reference, WIDTH),
      {
        values,
        originals,
        changes: descriptions.map((description, i) => ({ description, tool: [i % 2] })),
      },
      {
        groups: GROUPS,
        others: [
          { description: [0, 0, 0], tool: [0] },
          { description: [1, 1, 0], tool: [0] },
          { description: [0, 0, 0], tool: [1] },
        ],
      },
    )
    const dimensions = others.length / 3
    const [one, strong, byOther] = [0, 1, 2].map((i) =>
      others.subarray(i * dimensions, (i + 1) * dimensions),
    )
    assert.ok(distance(one, byOther) > 10 * distance(one, strong))
  })
})
