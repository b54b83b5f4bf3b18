import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Augmentation, graphAugmentation, type Node, ops } from '../../src/engine/index.ts'
import { createRandom, type Random, tensor, type Tensor } from '../../src/tensor/index.ts'
import { asTensor } from './golden-derivatives.ts'
import { goldenTraining } from './golden-training.ts'
import { assertClose, evaluate } from './graph-evaluate.ts'

const pictures = asTensor(goldenTraining.augmentations.pictures)
const [, channels, height, width] = pictures.shape
const size = { channels, height, width }

/** Draws these uniform numbers in turn: 0 is a change to its limit one way, 1 the other way, 0.5 none. */
function drawing(...values: number[]): Random {
  return { ...createRandom(1), uniform: () => values.shift() ?? assert.fail('one draw too many') }
}

/** What the emitted graph makes of images under the draws of `random`. */
async function transformed(
  settings: Augmentation,
  random: Random,
  images = pictures,
): Promise<Tensor> {
  const augmentation = graphAugmentation(settings, size)
  const [count] = images.shape
  const inputs = Object.entries(augmentation.inputs).map(
    ([name, shape]) => [name, ops.input(name, [count, ...shape])] as const,
  )
  const image = ops.input('images', images.shape)
  const result = augmentation.transform(image, Object.fromEntries(inputs))
  return (await evaluate({ result }, { images, ...augmentation.draw(random, count) }))['result']
}

const cases: Readonly<Record<string, readonly [Augmentation, Random]>> = {
  turned: [{ rotation: 20 }, drawing(1, 0.5, 0.5)],
  moved: [{ translation: 0.2 }, drawing(0.5, 1, 0.25)],
  'turned and moved': [{ rotation: 35, translation: 0.2 }, drawing(0, 0.8, 1)],
  brighter: [{ brightness: 0.2 }, drawing(0.5, 1)],
  darker: [{ brightness: 0.3 }, drawing(0.5, 0)],
  'more contrast': [{ contrast: 0.5 }, drawing(1, 0.5)],
  'less contrast, brighter': [{ contrast: 0.4, brightness: 0.1 }, drawing(0, 1)],
}

describe('augmentation', () => {
  it('has a golden case each', () => {
    const names = Object.keys(goldenTraining.augmentations).filter((name) => name !== 'pictures')
    assert.deepEqual(Object.keys(cases), names)
  })

  for (const [name, [settings, random]] of Object.entries(cases)) {
    it(`changes images as SciPy and NumPy do: ${name}`, async () => {
      const expected = tensor(pictures.shape, Float32Array.from(goldenTraining.augmentations[name]))
      assertClose(await transformed(settings, random), expected, 2e-5)
    })
  }

  it('changes each image of a batch by draws of its own', async () => {
    const images = tensor(
      [2, channels, height, width],
      Float32Array.from([...pictures.data, ...pictures.data]),
    )
    const draws = drawing(1, 0.5, 0.5, 0.5, 1, 0.25, 0.5, 1, 0.5, 0)
    const both = await transformed(
      { rotation: 20, translation: 0.2, brightness: 0.2 },
      draws,
      images,
    )
    const area = channels * height * width
    const one = (start: number) => tensor(pictures.shape, both.data.slice(start, start + area))
    const alone = async (settings: Augmentation, ...values: number[]) =>
      transformed({ rotation: 20, translation: 0.2, ...settings }, drawing(...values))
    assertClose(one(0), await alone({ brightness: 0.2 }, 1, 0.5, 0.5, 0.5, 1), 1e-6)
    assertClose(one(area), await alone({ brightness: 0.2 }, 0.5, 1, 0.25, 0.5, 0), 1e-6)
  })

  it('draws every change evenly between its limits, one independent of the others', () => {
    const limits = { rotation: 30, translation: 0.1, brightness: 0.2, contrast: 0.5 }
    const square = { channels: 1, height: 8, width: 8 }
    const count = 4000
    const { theta, light } = graphAugmentation(limits, square).draw(createRandom(3), count)
    const row = (i: number) => [...theta.data.subarray(6 * i, 6 * i + 6)]
    const strengths = Array.from({ length: count }, (_, i) => {
      const [cosine, sine, x, , , y] = row(i)
      return [
        Math.atan2(-sine, cosine) / (limits.rotation * (Math.PI / 180)),
        x / (2 * limits.translation),
        y / (2 * limits.translation),
        light.data[2 * i] / limits.contrast,
        light.data[2 * i + 1] / limits.brightness,
      ]
    })
    for (let a = 0; a < 5; a++) {
      for (let b = a; b < 5; b++) {
        const product = strengths.reduce((sum, values) => sum + values[a] * values[b], 0) / count
        // 1/3 is the variance of uniform draws in [−1, 1]; the bounds are five standard errors.
        const [expected, error] = a === b ? [1 / 3, 0.024] : [0, 0.027]
        assert.ok(Math.abs(product - expected) < error, `${a}, ${b}: ${product}`)
      }
      const mean = strengths.reduce((sum, values) => sum + values[a], 0) / count
      assert.ok(Math.abs(mean) < 0.046, `${a}: ${mean}`)
      assert.ok(strengths.every((values) => Math.abs(values[a]) <= 1 + 1e-6))
    }
  })

  it('leaves out what is not asked for', async () => {
    const none = graphAugmentation({}, size)
    assert.deepEqual(none.inputs, {})
    assert.deepEqual(none.draw(createRandom(1), 2), {})
    const image = ops.input('images', pictures.shape)
    assert.equal(none.transform(image, {}), image)
    assert.equal(
      none.corrupt(image, { normal: () => assert.fail('no noise was asked for') }),
      image,
    )
    const sideInputsOf = (settings: Augmentation) => graphAugmentation(settings, size).inputs
    assert.deepEqual(sideInputsOf({ rotation: 1 }), { theta: [2, 3] })
    assert.deepEqual(sideInputsOf({ translation: 1 }), { theta: [2, 3] })
    assert.deepEqual(sideInputsOf({ brightness: 1 }), { light: [2] })
    assert.deepEqual(sideInputsOf({ contrast: 1 }), { light: [2] })
    assert.deepEqual(sideInputsOf({ noise: 1 }), {})
  })

  it('adds noise of the deviation asked for, clipped to [0, 1], and none while scoring', async () => {
    const shape = [4, 1, 50, 50]
    const random = createRandom(5)
    const noise = Float32Array.from({ length: 10_000 }, () => random.normal())
    const augmentation = graphAugmentation({ noise: 0.2 }, { channels: 1, height: 50, width: 50 })
    const image = ops.input('images', shape)
    assert.equal(augmentation.corrupt(image, undefined), image)
    const shapes: (readonly number[])[] = []
    const normal = (asked: readonly number[]): Node => {
      shapes.push(asked)
      return ops.constant(tensor(asked, noise))
    }
    const result = augmentation.corrupt(image, { normal })
    const grey = tensor(shape, new Float32Array(10_000).fill(0.3))
    const { result: noisy } = await evaluate({ result }, { images: grey })
    assert.deepEqual(shapes, [shape])
    noisy.data.forEach((value, i) => {
      const expected = Math.min(1, Math.max(0, 0.3 + 0.2 * noise[i]))
      assert.ok(Math.abs(value - expected) < 1e-6)
    })
  })
})
