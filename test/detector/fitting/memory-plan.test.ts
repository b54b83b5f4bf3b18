import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fit, type FitOptions, type MemoryPlan } from '../../../src/detector/index.ts'
import {
  describePlan,
  imageLimits,
  planMemory,
  requireMemory,
} from '../../../src/detector/fitting/memory-plan.ts'
import { arrayImages, type ImageSource } from '../../../src/images/index.ts'
import { blobImages } from '../../fixtures/blob-images.ts'

const GB = 1e9
const square = (channels: number, side: number) => ({ channels, height: side, width: side })

/** As many images as it says, none of which may be read. */
function unread(count: number | undefined, side: number): ImageSource {
  const images = arrayImages(blobImages({ count: 4, seed: 1, channels: 3, side }))
  let probed = false
  return {
    ...images,
    ...(count === undefined ? {} : { count }),
    batches: async function* batches(options) {
      assert.ok(!probed || options?.shape === undefined, 'nothing may be read before the plan')
      probed = true
      yield* images.batches(options)
    },
  }
}

describe('the memory of a fit', () => {
  it('bounds the images drawn by default, the same on every machine', () => {
    assert.deepEqual(imageLimits(square(1, 28), undefined), {
      maxImages: 30_000,
      maxReference: 10_000,
    })
    assert.deepEqual(imageLimits(square(3, 64), undefined), {
      maxImages: 30_000,
      maxReference: 10_000,
    })
    assert.deepEqual(imageLimits(square(3, 224), undefined), {
      maxImages: 7133,
      maxReference: 7133,
    })
    assert.deepEqual(imageLimits(square(3, 224), 20_000), {
      maxImages: 20_000,
      maxReference: 10_000,
    })
    assert.deepEqual(imageLimits(square(3, 224), 500), { maxImages: 500, maxReference: 7133 })
  })

  it('grows with images, size and tolerated changes', () => {
    const plan = (side: number, images: number, tolerates = false) =>
      planMemory(square(3, side), { images, tolerates }).bytes
    // 30,000 images of 224×224 in colour are 18 GB of pixels alone.
    assert.ok(plan(224, 30_000) > 18 * GB && plan(224, 30_000) < 21 * GB)
    assert.ok(plan(28, 30_000) < 1.1 * GB)
    assert.ok(plan(224, 8000) > plan(224, 7000))
    assert.ok(plan(224, 7000, true) > plan(224, 7000))
  })

  it('is refused in words where there is less, with what would fit', () => {
    const shape = square(3, 224)
    const plan = planMemory(shape, { images: 30_000, tolerates: false })
    requireMemory(plan, plan.bytes)
    assert.throws(
      () => requireMemory(plan, 8 * GB),
      (error: Error & { hint?: string }) => {
        assert.match(
          error.message,
          /takes at most 8\.0 GB.*; got up to 30000 images of 3×224×224, which take about 20\.5 GB/,
        )
        const fitting = Number(/--max-images (\d+),/.exec(error.hint ?? '')?.[1])
        requireMemory(planMemory(shape, { images: fitting, tolerates: false }), 8 * GB)
        assert.ok(planMemory(shape, { images: fitting + 200, tolerates: false }).bytes > 8 * GB)
        return true
      },
    )
    assert.throws(() => requireMemory(plan, 1e8), { hint: /^Use a smaller working size: --size/ })
  })

  it('is known, and refused, before anything is read', async () => {
    const plans: MemoryPlan[] = []
    const options: FitOptions = {
      workingSide: 224,
      memoryBytes: 2 * GB,
      onPlan: (plan) => plans.push(plan),
    }
    await assert.rejects(fit(unread(20_000, 224), options), {
      code: 'config.invalid',
      hint: /--size/,
    })
    assert.deepEqual(
      plans.map(({ images, shape }) => [images, shape]),
      [[7133, square(3, 224)]],
    )
    assert.match(
      describePlan(plans[0]),
      /^up to 7133 images of 3×224×224, which take about 6\.\d GB$/,
    )
    await assert.rejects(
      fit(unread(20_000, 224), { ...options, maxImages: 12_000 }),
      /up to 12000 images/,
    )
    const reference = unread(5000, 224)
    await assert.rejects(fit(unread(3000, 224), { ...options, reference }), /up to 8000 images/)
  })

  it('is watched while reading where the number of images is not known', async () => {
    const images = arrayImages(blobImages({ count: 400, seed: 1, channels: 3, side: 64 }))
    const { count: _, ...uncounted } = images
    const memoryBytes = planMemory(square(3, 64), { images: 300, tolerates: false }).bytes
    await assert.rejects(fit(uncounted, { memoryBytes }), /up to 400 images of 3×64×64/)
    const few = await fit(uncounted, { memoryBytes, maxImages: 100, epochs: 1 })
    await few.close()
  })
})
