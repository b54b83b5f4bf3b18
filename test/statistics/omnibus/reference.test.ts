import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepareOmnibusReference } from '../../../src/statistics/index.ts'
import { placeColumn } from '../../../src/statistics/omnibus/reference.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

const COLUMNS = 3

/** Two columns that are looked into, and one of larger values between them that must not matter. */
function drawRows(rows: number, draw: () => number): Float32Array {
  return new Float32Array(rows * COLUMNS).map((_, i) => (i % COLUMNS === 1 ? 1e6 - i : draw()))
}

const kinds: Readonly<Record<string, (random: Random) => number>> = {
  normal: (random) => random.normal(),
  'few values': (random) => random.integer(4),
  constant: () => 7,
  'far outliers': (random) => random.normal() * (random.uniform() < 0.01 ? 1e6 : 1),
  'zeros of both signs': (random) => [0, -0, 1e-30, -1e-30][random.integer(4)],
}

for (const [name, draw] of Object.entries(kinds)) {
  test(`places values as counting does: ${name}`, () => {
    const random = createRandom(1)
    const values = drawRows(400, () => draw(random))
    const reference = prepareOmnibusReference(values, COLUMNS)
    const known = values.filter((_, i) => i % COLUMNS === 2)
    const lowest = known.reduce((a, b) => Math.min(a, b))
    const highest = known.reduce((a, b) => Math.max(a, b))
    const asked = Float32Array.from([
      ...Array.from({ length: 200 }, () => draw(random)),
      ...known.subarray(0, 50),
      lowest,
      highest,
      lowest - 1,
      highest + 1,
      0.5,
      -1e30,
      1e30,
    ])
    const window = new Float32Array(asked.length * COLUMNS)
    asked.forEach((value, i) => (window[i * COLUMNS + 2] = value))
    const places = new Uint32Array(asked.length)
    placeColumn(reference, window, { column: 2, places })
    asked.forEach((value, i) => {
      const below = known.filter((one) => one < value).length
      const equal = known.filter((one) => one === value).length
      assert.equal(places[i], 2 * below + equal + 1, `value ${value}`)
    })
  })

  test(`sorts each column and knows the rows: ${name}`, () => {
    const random = createRandom(2)
    const values = drawRows(300, () => draw(random))
    const { rows, sorted, order } = prepareOmnibusReference(values, COLUMNS)
    assert.equal(rows, 300)
    for (let column = 0; column < COLUMNS; column++) {
      const own = sorted.subarray(column * rows, (column + 1) * rows)
      const from = order.subarray(column * rows, (column + 1) * rows)
      assert.equal(new Set(from).size, rows)
      for (let i = 0; i < rows; i++) {
        assert.equal(own[i], values[from[i] * COLUMNS + column])
        if (i > 0) assert.ok(own[i - 1] <= own[i])
        // Equal values stand in the order of their rows, so that the same table sorts the same.
        if (i > 0 && own[i - 1] === own[i]) assert.ok(from[i - 1] < from[i])
      }
    }
  })
}

test('guides by an even grid of 4096 cells from the first percent of a column to the last', () => {
  const random = createRandom(3)
  for (const rows of [2, 100, 101, 150, 950]) {
    const values = drawRows(rows, () => random.normal() * (random.uniform() < 0.02 ? 1e4 : 1))
    const { sorted, guide } = prepareOmnibusReference(values, COLUMNS)
    for (let column = 0; column < COLUMNS; column++) {
      const own = sorted.subarray(column * rows, (column + 1) * rows)
      const low = own[Math.floor((rows - 1) / 100)]
      const high = own[Math.ceil((99 * (rows - 1)) / 100)]
      const cells = Array.from(own, (value) =>
        Math.min(4095, Math.max(0, Math.floor((value - low) * (4096 / (high - low))))),
      )
      const begins = guide.subarray(column * 4097, (column + 1) * 4097)
      // Cell by cell, and the end of the last: how many rows are in cells below.
      for (const cell of [0, 1, 2, 50, ...cells, ...cells.map((one) => one + 1), 4095]) {
        const below = cells.filter((one) => one < cell).length
        assert.equal(begins[cell], below, `cell ${cell} of column ${column} of ${rows} rows`)
      }
      assert.equal(begins.at(-1), rows)
    }
    assert.equal(guide.length, COLUMNS * 4097)
  }
  const { guide } = prepareOmnibusReference(Float32Array.of(7, 7, 7), 1)
  assert.deepEqual([guide[0], guide[1], guide[4095], guide[4096]], [0, 3, 3, 3])
})

test('sorts numbers that are next to each other, negative ones too', () => {
  const one = new Uint32Array(new Float32Array([1.5]).buffer)[0]
  const near = new Float32Array(Uint32Array.of(one + 1, one, one + 2, one - 1).buffer)
  const values = Float32Array.from([...near, ...near.map((value) => -value)])
  const { sorted } = prepareOmnibusReference(values, 1)
  assert.deepEqual(sorted, values.toSorted())
})

test('refuses tables that are not whole, not finite or too long to index', () => {
  assert.throws(() => prepareOmnibusReference(new Float32Array(5), 2), {
    name: 'RangeError',
    message: 'expected whole rows of 2 columns in the reference, got 5 values',
  })
  assert.throws(() => prepareOmnibusReference(new Float32Array(0), 2), RangeError)
  assert.throws(() => prepareOmnibusReference(Float32Array.of(1, 2, 3, Infinity), 2), {
    message: 'expected finite numbers, got Infinity in row 1, column 1 of the reference',
  })
  assert.throws(() => prepareOmnibusReference(new Float32Array(2 ** 21 + 1), 1), {
    message: 'expected at most 2097152 rows, got 2097153',
  })
})
