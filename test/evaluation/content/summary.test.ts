import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contentTables, summariseContent } from '../../../evaluation/content/summary.ts'

const counts = (alarms: number, joint: number) => [
  { size: 100, share: 0, batches: 20, product: 0, joint: 1 },
  { size: 100, share: 0.1, batches: 20, product: alarms, joint },
]

const figures = summariseContent([
  { leftOut: 'cat', knows: 'nothing', accuracy: 0.6, counts: counts(2, 4) },
  { leftOut: 'truck', knows: 'nothing', accuracy: 0.7, counts: counts(8, 20) },
  { leftOut: 'cat', knows: 'embeddings', accuracy: 0.6, counts: counts(20, 20) },
])

describe('the summary of classes left out', () => {
  it('pools the batches of all classes left out, by what the detector was told', () => {
    const [none, tenth, ...rest] = figures.rows
    assert.deepEqual([none.batches, none.product, none.joint], [40, 0, 0.05])
    assert.deepEqual([tenth.knows, tenth.share], ['nothing', 0.1])
    assert.deepEqual([tenth.batches, tenth.product, tenth.joint], [40, 0.25, 0.6])
    assert.deepEqual(tenth.byClass, { cat: [0.1, 0.2], truck: [0.4, 1] })
    assert.deepEqual(
      rest.map(({ knows, batches, product }) => [knows, batches, product]),
      [
        ['embeddings', 20, 0],
        ['embeddings', 20, 1],
      ],
    )
  })

  it('is told in a line for each way and size, false alarms first', () => {
    const [product, joint] = contentTables(figures)
    assert.deepEqual(product.head.slice(2), ['false alarms', '10% of a new class'])
    assert.deepEqual(
      [product, joint].map(({ rows }) => rows.map((row) => row.slice(1))),
      [
        [
          ['n = 100', '.00', '.25'],
          ['n = 100', '.00', '1'],
        ],
        [
          ['n = 100', '.05', '.60'],
          ['n = 100', '.05', '1'],
        ],
      ],
    )
  })
})
