import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BatchOptions, ImageBatch, ImageSource } from '../../src/images/index.ts'
import type { Tensor } from '../../src/tensor/index.ts'

/** Opens a source that must hold exactly `pixels`, N×C×H×W with N ≥ 5, in that order. */
export type MakeImageSource = () => Promise<{
  readonly source: ImageSource
  readonly pixels: Tensor
}>

/** What every image source promises, whatever it reads. */
export function describeImageSource(name: string, make: MakeImageSource): void {
  describe(`image source ${name}`, () => {
    it('yields every image in order, as float32 N×C×H×W in [0, 1]', async () => {
      const { source, pixels } = await make()
      const batches = await collect(source)
      assert.deepEqual(joined(batches), Array.from(pixels.data))
      assert.deepEqual(batches[0]?.pixels.shape.slice(1), pixels.shape.slice(1))
    })

    it('gives every image its own id and names nothing as skipped', async () => {
      const { source, pixels } = await make()
      const skipped: string[] = []
      const batches = await collect(source, { onSkip: ({ id }) => skipped.push(id) })
      const ids = batches.flatMap(({ records }) => records.map(({ id }) => id))
      assert.equal(new Set(ids).size, pixels.shape[0])
      assert.deepEqual(skipped, [])
    })

    it('cuts batches of the asked size, the last one smaller', async () => {
      const { source, pixels } = await make()
      const count = pixels.shape[0]
      const sizes = (await collect(source, { batchSize: count - 1 })).map(
        ({ pixels: { shape } }) => shape[0],
      )
      assert.deepEqual(sizes, [count - 1, 1])
    })

    it('reads chosen batches as it does among all others, and counts the images all the same', async () => {
      const { source, pixels } = await make()
      const all = await collect(source, { batchSize: 2 })
      assert.deepEqual(
        all.map(({ number }) => number),
        Array.from({ length: Math.ceil(pixels.shape[0] / 2) }, (_, i) => i),
      )
      for (const part of [0, 1, 2]) {
        let counted = 0
        const chosen = await collect(source, {
          batchSize: 2,
          isChosen: (batch) => batch % 3 === part,
          onCounted: (images) => (counted = images),
        })
        assert.deepEqual(
          chosen,
          all.filter((_, i) => i % 3 === part),
        )
        assert.equal(counted, pixels.shape[0])
      }
    })

    it('reads from the start again, also after a reader left early', async () => {
      const { source, pixels } = await make()
      for await (const batch of source.batches({ batchSize: 1 })) {
        assert.equal(batch.records.length, 1)
        break
      }
      assert.deepEqual(joined(await collect(source)), Array.from(pixels.data))
    })

    it('knows its count where it states one', async () => {
      const { source, pixels } = await make()
      assert.ok(source.count === undefined || source.count === pixels.shape[0])
    })

    it('brings images to the asked shape', async () => {
      const { source, pixels } = await make()
      for (const channels of [1, 3]) {
        const shape = { channels, height: 3, width: 2 }
        const [batch] = await collect(source, { shape })
        assert.deepEqual(batch?.pixels.shape, [pixels.shape[0], channels, 3, 2])
        assert.ok(batch.pixels.data.every((value) => value >= 0 && value <= 1))
      }
    })

    it('stops when cancelled', async () => {
      const { source } = await make()
      const controller = new AbortController()
      await assert.rejects(
        async () => {
          for await (const _ of source.batches({ batchSize: 1, signal: controller.signal })) {
            controller.abort()
          }
        },
        { code: 'cancelled' },
      )
    })

    it('refuses a batch size that is no positive whole number', async () => {
      const { source } = await make()
      await assert.rejects(async () => collect(source, { batchSize: 0 }), RangeError)
    })
  })
}

/** All batches of a source. */
export async function collect(
  source: ImageSource,
  options: BatchOptions = {},
): Promise<ImageBatch[]> {
  const batches: ImageBatch[] = []
  for await (const batch of source.batches(options)) batches.push(batch)
  return batches
}

/** The pixels of several batches, one after the other. */
export function joined(batches: readonly ImageBatch[]): number[] {
  return batches.flatMap(({ pixels }) => Array.from(pixels.data))
}
