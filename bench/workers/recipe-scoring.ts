/** Our worker of the topic `scoring`: images in, per-image loss and reconstruction out. */
import { parseArgs } from 'node:util'
import { openSession } from '../../src/engine/index.ts'
import { sliceRows } from '../../src/tensor/index.ts'
import { serve } from './line-protocol.ts'
import { fullScorer, lossScorer, randomBatches, runtimeVersion } from './recipe-model.ts'

const { values } = parseArgs({
  options: { batch: { type: 'string' }, threads: { type: 'string' }, scorer: { type: 'string' } },
})
const batchSize = Number(values.batch ?? 128)
const ROWS_PER_RUN = 32
const batches = randomBatches(16, batchSize)
const session = await openSession(
  values.scorer === 'full' ? fullScorer() : lossScorer(),
  values.threads === undefined ? {} : { threads: Number(values.threads) },
)

async function run({ steps }: { readonly steps: number }): Promise<object> {
  const started = performance.now()
  let total = 0
  for (let i = 0; i < steps; i++) {
    const batch = batches[i % batches.length]
    // In parts that stay in the cache, as the product scores.
    for (let start = 0; start < batchSize; start += ROWS_PER_RUN) {
      const images = sliceRows(batch, start, Math.min(start + ROWS_PER_RUN, batchSize))
      const { loss, reconstruction } = await session.run({ images })
      total += loss.data[0] + reconstruction.data[0]
    }
  }
  return { seconds: (performance.now() - started) / 1000, images: steps * batchSize, loss: total }
}

await run({ steps: 3 })
await serve({ name: 'pixeldrift', version: runtimeVersion() }, { run })
