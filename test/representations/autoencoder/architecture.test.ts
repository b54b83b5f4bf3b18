import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  initialParameters,
  ops,
  parameterCount,
  splitParameters,
} from '../../../src/engine/index.ts'
import {
  type Architecture,
  bottleneckArchitecture,
  codeSizeFor,
  recipeArchitecture,
} from '../../../src/representations/autoencoder/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { drawTensor, evaluate } from '../../engine/graph-evaluate.ts'

type Shape = readonly [channels: number, height: number, width: number]

const shapeOf = ([channels, height, width]: Shape) => ({ channels, height, width })

/** Shapes of the code and of the reconstruction of two images. */
async function shapesThrough(architecture: Architecture, shape: Shape) {
  const specs = [...architecture.encoder.parameters, ...architecture.decoder.parameters]
  const values = splitParameters(initialParameters(specs, 1), specs).map((value) =>
    ops.constant(value),
  )
  const encoders = architecture.encoder.parameters.length
  const images = ops.input('images', [2, ...shape])
  const representation = architecture.encoder.apply(images, values.slice(0, encoders), {})
  const logits = architecture.decoder.apply(representation, values.slice(encoders), {})
  const outputs = { logits, code: architecture.code(representation), representation }
  const results = await evaluate(outputs, {
    images: drawTensor(createRandom(1), [2, ...shape], [0, 1]),
  })
  return {
    representation: results['representation'].shape,
    code: results['code'].shape,
    logits: results['logits'].shape,
    // A dead decoder would give one value for all.
    varies: new Set(results['logits'].data).size > 2,
  }
}

describe('the default autoencoder', () => {
  const cases: readonly (readonly [Shape, code: number, convolutions: readonly string[]])[] = [
    [[1, 28, 28], 32, ['16×1', '32×16']],
    [[3, 32, 32], 48, ['16×3', '32×16']],
    [[1, 8, 8], 8, ['16×1']],
    [[1, 5, 7], 8, ['16×1']],
    [[1, 9, 3], 8, ['16×1']],
    [[3, 23, 40], 48, ['16×3', '32×16', '48×32']],
    [[1, 64, 64], 48, ['16×1', '32×16', '48×32']],
    [[3, 130, 17], 56, ['16×3', '32×16', '48×32', '64×48', '64×64']],
  ]
  for (const [shape, codeSize, convolutions] of cases) {
    it(`takes ${shape.join('×')} to ${codeSize} numbers and back`, async () => {
      const architecture = bottleneckArchitecture(shapeOf(shape))
      const kernels = architecture.encoder.parameters.filter((spec) => spec.shape.length === 4)
      assert.deepEqual(
        kernels.map((kernel) => `${kernel.shape[0]}×${kernel.shape[1]}`),
        convolutions,
      )
      assert.equal(architecture.codeSize, codeSize)
      assert.equal(codeSizeFor(shapeOf(shape)), codeSize)
      assert.deepEqual(await shapesThrough(architecture, shape), {
        representation: [2, codeSize],
        code: [2, codeSize],
        logits: [2, ...shape],
        varies: true,
      })
    })
  }

  it('has few weights: those of a 28×28 image as counted by hand', () => {
    const { encoder, decoder } = bottleneckArchitecture({ channels: 1, height: 28, width: 28 })
    const flat = 32 * 7 * 7
    const down = 16 * 9 + 16 + (32 * 16 * 9 + 32) + (flat * 32 + 32)
    const up = 32 * flat + flat + (16 * 32 * 9 + 16) + (16 * 9 + 1)
    assert.equal(parameterCount(encoder.parameters), down)
    assert.equal(parameterCount(decoder.parameters), up)
  })

  it('knows its code’s size: 8 more with each doubling of the image, from 8 to 60', () => {
    const sizes = [1, 128, 129, 256, 257, 1024, 8192, 8193, 65536].map((width) =>
      codeSizeFor({ channels: 1, height: 1, width }),
    )
    assert.deepEqual(sizes, [8, 8, 16, 16, 24, 32, 56, 60, 60])
  })
})

describe('the published autoencoder', () => {
  it('has the published number of weights and keeps 32 channels of a quarter of the side', async () => {
    const recipe = recipeArchitecture({ channels: 1, height: 28, width: 28 })
    // Keras counts 28,353 for conv 32, 32, 32, 32 and 1 with 3×3 kernels.
    const specs = [...recipe.encoder.parameters, ...recipe.decoder.parameters]
    assert.equal(parameterCount(specs), 28_353)
    assert.ok(
      specs.every(({ initial, shape }) => shape.length === 1 || initial.kind === 'glorot-uniform'),
    )
    assert.deepEqual(await shapesThrough(recipe, [1, 28, 28]), {
      representation: [2, 32, 7, 7],
      code: [2, 32],
      logits: [2, 1, 28, 28],
      varies: true,
    })
    assert.equal(recipe.codeSize, 32)
  })

  it('takes colour and sides that are multiples of 4, no others', async () => {
    const { logits } = await shapesThrough(
      recipeArchitecture({ channels: 3, height: 8, width: 12 }),
      [3, 8, 12],
    )
    assert.deepEqual(logits, [2, 3, 8, 12])
    for (const [height, width] of [
      [8, 10],
      [10, 8],
    ]) {
      assert.throws(() => recipeArchitecture({ channels: 1, height, width }), /multiples of 4/)
    }
  })
})
