import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  type FeatureColumn,
  type FeatureTable,
  fitOutlierScore,
  loadOutlierScore,
  measureRows,
  type Representation,
  tableOf,
  wholeRows,
} from '../../src/representations/index.ts'
import { createRandom } from '../../src/tensor/index.ts'

const golden = JSON.parse(
  readFileSync(new URL('../golden/outlier-score.json', import.meta.url), 'utf8'),
) as {
  readonly size: number
  readonly train: readonly number[]
  readonly fresh: readonly number[]
  readonly distance: readonly number[]
  readonly neighbours: readonly number[]
}

function columnsOf(count: number): FeatureColumn[] {
  return Array.from({ length: count }, (_, k) => ({
    name: `feature-${k}`,
    group: 'property',
    title: `feature ${k}`,
  }))
}

/** Rows of correlated normal numbers: column k is the mean of k + 1 shared ones, on its own scale. */
function correlatedTable(rows: number, seed: number): FeatureTable {
  const random = createRandom(seed)
  const size = 10
  const values = new Float32Array(rows * size)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let k = 0; k < size; k++) {
      sum += random.normal()
      values[row * size + k] = (10 ** (k - 5) * sum) / Math.sqrt(k + 1)
    }
  }
  return tableOf(columnsOf(size), values)
}

function scoresOf(score: Representation, values: Float32Array): Promise<Float32Array> {
  const size = score.needs.of === 'columns' ? score.needs.names.length : 0
  return measureRows(score, { columns: wholeRows(values, size) })
}

function meanOf(values: Float32Array, column: number): number {
  let sum = 0
  for (let i = column; i < values.length; i += 2) sum += values[i]
  return (2 * sum) / values.length
}

describe('outlier score', () => {
  const training = tableOf(columnsOf(golden.size), Float32Array.from(golden.train))
  const fitted = fitOutlierScore(training, { seed: 1 })

  it('agrees with NumPy on ties, on a column that never varied and beyond the fitted range', async () => {
    const scores = await scoresOf(fitted, Float32Array.from(golden.fresh))
    golden.distance.forEach((expected, row) => {
      const actual = [scores[2 * row], scores[2 * row + 1]]
      const wanted = [expected, golden.neighbours[row]]
      actual.forEach((value, k) => {
        assert.ok(Math.abs(value / wanted[k] - 1) < 1e-4, `row ${row}: ${value}, ${wanted[k]}`)
      })
    })
  })

  it('names two columns of its own group', () => {
    assert.deepEqual(
      fitted.columns.map(({ name, group }) => [name, group]),
      [
        ['outlier-distance', 'outlier'],
        ['outlier-neighbours', 'outlier'],
      ],
    )
  })

  it('gives the same scores once saved and loaded', async () => {
    const loaded = loadOutlierScore(fitted.save())
    const fresh = Float32Array.from(golden.fresh)
    assert.deepEqual(loaded.needs, fitted.needs)
    assert.deepEqual(await scoresOf(loaded, fresh), await scoresOf(fitted, fresh))
  })

  it('gives the same scores alone as among many rows, and again once closed', async () => {
    const score = fitOutlierScore(correlatedTable(300, 7), { seed: 1 })
    const { values } = correlatedTable(600, 8)
    const together = await scoresOf(score, values)
    await score.close?.()
    for (const row of [0, 255, 256, 599]) {
      const alone = await scoresOf(score, values.subarray(10 * row, 10 * row + 10))
      alone.forEach((value, k) => {
        assert.ok(Math.abs(value / together[2 * row + k] - 1) < 1e-5, `row ${row}: ${value}`)
      })
    }
    await score.close?.()
    await score.close?.()
  })

  it('gives nothing for no rows', async () => {
    assert.equal((await scoresOf(fitted, new Float32Array())).length, 0)
  })

  it('refuses to load when a saved file is missing or cut', () => {
    for (const [name, bytes] of fitted.save()) {
      const missing = new Map(fitted.save())
      missing.delete(name)
      assert.throws(() => loadOutlierScore(missing), { code: 'artifact.corrupt' }, name)
      const cut = new Map(fitted.save()).set(name, bytes.subarray(0, bytes.length - 1))
      assert.throws(() => loadOutlierScore(cut), { code: 'artifact.corrupt' }, name)
    }
  })

  it('sees a broken correlation that no single column shows', async () => {
    const score = fitOutlierScore(correlatedTable(3000, 1), { seed: 1 })
    const held = correlatedTable(500, 2)
    const { values } = held
    const size = held.columns.length
    const shuffled = values.map((_, i) => values[(i + (i % size) * 7 * size) % values.length])
    assert.ok(
      meanOf(await scoresOf(score, shuffled), 0) > 2 * meanOf(await scoresOf(score, values), 0),
    )
  })

  it('puts held-out rows further from the stored neighbours than the fitted rows themselves', async () => {
    const train = correlatedTable(400, 3)
    const score = fitOutlierScore(train, { seed: 1 })
    const held = await scoresOf(score, correlatedTable(400, 4).values)
    assert.ok(meanOf(held, 1) > meanOf(await scoresOf(score, train.values), 1))
  })

  it('is near 1 on images like those it was fitted on', async () => {
    const score = fitOutlierScore(correlatedTable(3000, 5), { seed: 1 })
    const mean = meanOf(await scoresOf(score, correlatedTable(500, 6).values), 0)
    assert.ok(mean > 0.85 && mean < 1.1, String(mean))
  })

  it('works when every column is constant', async () => {
    const flat = tableOf(columnsOf(3), new Float32Array(30).fill(0.1))
    const score = fitOutlierScore(flat, { seed: 1 })
    const [same, , other] = await scoresOf(score, Float32Array.of(0.1, 0.1, 0.1, 0.1, 0.2, 0.1))
    assert.equal(same, 0)
    assert.ok(other > 5)
  })

  it('refuses too few rows and rows of another width', async () => {
    const short = tableOf(columnsOf(3), new Float32Array(15))
    assert.throws(() => fitOutlierScore(short, { seed: 1 }), { code: 'data.insufficient' })
    const columns = wholeRows(new Float32Array(2 * golden.size + 2), golden.size + 1)
    await assert.rejects(measureRows(fitted, { columns }), RangeError)
  })
})
