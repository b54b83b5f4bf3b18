import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLossScale } from '../../src/charts/loss-domain.ts'

describe('createLossScale', () => {
  const bulk = Array.from({ length: 1000 }, (_, i) => 0.08 + i * 0.00004)

  it('is not flattened by a few huge losses', () => {
    const { domain } = createLossScale([bulk, [...bulk, 50, 60]], [0, 960])
    assert.ok(domain[1] < 0.2, `domain reaches to ${domain[1]}`)
  })

  it('turns logarithmic where the batch lies an order of magnitude away', () => {
    const far = bulk.map((loss) => loss * 20)
    assert.equal(createLossScale([bulk, bulk], [0, 960]).kind, 'linear')
    assert.equal(createLossScale([bulk, far], [0, 960]).kind, 'log')
  })

  it('stays linear where losses reach zero', () => {
    assert.equal(createLossScale([bulk, bulk.map(() => 0)], [0, 960]).kind, 'linear')
  })

  it('gives at least two ticks that carry different labels', () => {
    for (const factor of [1e-5, 1e-3, 0.02, 1, 20, 1e4]) {
      for (const spread of [1.001, 1.2, 3, 11, 13, 40, 1e4]) {
        const { ticks } = createLossScale([[factor, factor * spread]], [0, 328])
        const labels = ticks.map(({ label }) => label)
        assert.ok(labels.length >= 2, `${labels.join()} at ${factor} × ${spread}`)
        assert.equal(new Set(labels).size, labels.length, labels.join())
      }
    }
  })
})
