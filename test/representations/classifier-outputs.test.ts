import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { FREE, type Node, ops, writeModel } from '../../src/engine/index.ts'
import {
  type Classifier,
  type ClassifierPreprocessing,
  classifierTable,
  columnValues,
  loadClassifier,
  openClassifier,
  type OpenClassifierOptions,
  tableOf,
  measureRows,
} from '../../src/representations/index.ts'
import { type Tensor, tensor } from '../../src/tensor/index.ts'
import { describeRepresentation } from '../contracts/representation.ts'

type GoldenCase = {
  readonly title: string
  readonly shape: readonly [number, number, number, number]
  readonly levels: readonly number[]
  /** Base64. */
  readonly model: string
  readonly preprocessing: ClassifierPreprocessing
  readonly kind: 'logits' | 'probabilities'
  readonly columns: Readonly<Record<string, readonly number[]>>
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/classifier-outputs.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly GoldenCase[] }

async function openCase({ model, shape, preprocessing }: GoldenCase): Promise<Classifier> {
  const [, channels, height, width] = shape
  return openClassifier(Buffer.from(model, 'base64'), {
    shape: { channels, height, width },
    preprocessing,
    threads: 1,
  })
}

function pixelsOf({ levels, shape }: GoldenCase): Tensor {
  return tensor(
    shape,
    Float32Array.from(levels, (level) => level / 255),
  )
}

for (const goldenCase of golden.cases) {
  describeRepresentation(
    `classifier outputs: ${goldenCase.title}`,
    async () => ({
      representation: await openCase(goldenCase),
      inputs: { pixels: pixelsOf(goldenCase) },
      load: loadClassifier,
    }),
    // Matrix products of another batch size may be summed in another order.
    { tolerance: 1e-5 },
  )
}

describe('classifier outputs', () => {
  for (const goldenCase of golden.cases) {
    it(`agree with NumPy and PyTorch: ${goldenCase.title}`, async () => {
      const classifier = await openCase(goldenCase)
      const values = await measureRows(classifier, { pixels: pixelsOf(goldenCase) })
      await classifier.close()
      const table = tableOf(classifier.columns, values)
      assert.equal(classifier.outputKind, goldenCase.kind)
      assert.deepEqual(
        table.columns.map(({ name }) => name).toSorted(),
        Object.keys(goldenCase.columns).toSorted(),
      )
      for (const [name, expected] of Object.entries(goldenCase.columns)) {
        columnValues(table, name).forEach((value, row) => {
          const allowed = 1e-4 * Math.max(1, Math.abs(expected[row]))
          assert.ok(
            Math.abs(value - expected[row]) < allowed,
            `${name}: ${value}, ${expected[row]}`,
          )
        })
      }
    })
  }

  it('state in words what is done to the pixels', async () => {
    const classifier = await openCase(golden.cases[0])
    await classifier.close()
    assert.equal(
      classifier.inputDescription,
      'float32 N×8×6×3, BGR: (pixel in [0, 1] × 255 − [103, 116, 123]) / [57, 58, 59]',
    )
  })
})

const shape = { channels: 3, height: 6, width: 5 }

/** A model of colour images whose outputs are made from the pixels by `build`. */
function modelOf(build: (images: Node) => Readonly<Record<string, Node>>): Uint8Array {
  const images = ops.input('images', [FREE, 3, 6, 5])
  return writeModel({ name: 'classifier', inputs: [images], outputs: build(images) })
}

async function refusal(
  model: Uint8Array,
  pattern: RegExp,
  options: Partial<OpenClassifierOptions> = {},
): Promise<void> {
  await assert.rejects(
    openClassifier(model, { shape, threads: 1, ...options }),
    (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error)
      assert.equal(error.code, 'config.invalid')
      assert.match(error.message, pattern)
      return true
    },
  )
}

describe('openClassifier refuses, naming what is wrong,', () => {
  const perChannel = (images: Node): Node => ops.reshape(ops.reduceMean(images, [2, 3]), [FREE, 3])

  it('bytes that are no model', async () => {
    await assert.rejects(openClassifier(Uint8Array.of(1, 2, 3), { shape }), {
      code: 'artifact.corrupt',
    })
  })

  it('two outputs that could both be the scores, unless one is named', async () => {
    const model = modelOf((images) => ({ first: perChannel(images), second: perChannel(images) }))
    await refusal(model, /first \[-1, 3\]; second \[-1, 3\]/)
    await refusal(model, /output third/, { output: 'third' })
    const classifier = await openClassifier(model, { shape, output: 'second', threads: 1 })
    await classifier.close()
    assert.equal(classifier.classes.count, 3)
  })

  it('outputs that are pictures', async () => {
    await refusal(
      modelOf((images) => ({ picture: images })),
      /picture \[-1, 3, 6, 5\]/,
    )
  })

  it('images of channels it cannot take', async () => {
    const model = modelOf((images) => ({ scores: perChannel(images) }))
    await refusal(model, /2 channels .* got 3/, { shape: { ...shape, channels: 2 } })
  })

  it('a size that the model does not declare', async () => {
    const model = modelOf((images) => ({ scores: perChannel(images) }))
    await refusal(model, /6×5 .* got 7×5/, { preprocessing: { size: [7, 5] } })
  })

  it('a mean of a wrong number of channels', async () => {
    const model = modelOf((images) => ({ scores: perChannel(images) }))
    await refusal(model, /1 or 3 numbers as mean/, { preprocessing: { mean: [1, 2] } })
  })

  it('scores that are not finite', async () => {
    const model = modelOf((images) => ({ scores: ops.log(ops.neg(perChannel(images))) }))
    await refusal(model, /finite float32 scores/)
  })

  it('a layout under which the model does not run', async () => {
    const model = modelOf((images) => ({ scores: perChannel(images) }))
    await refusal(model, /channels/, { preprocessing: { layout: 'nhwc' } })
  })
})

describe('classifier table', () => {
  const logits = tensor([2, 3], Float32Array.of(1, 2, 3, 4, 0, -100))

  it('makes the same columns of scores computed elsewhere', () => {
    const table = classifierTable(logits, { classNames: ['cat', 'dog', 'owl'] })
    assert.deepEqual([...columnValues(table, 'predicted-class')], [2, 0])
    assert.deepEqual([...columnValues(table, 'logit-1')], [2, 0])
    assert.equal(table.columns[1].title, 'evidence for class dog')
    assert.equal(table.columns.at(-1)?.group, 'prediction')
  })

  it('keeps only the summaries and the prediction of very many classes', () => {
    const many = tensor([2, 1000], new Float32Array(2000).fill(0.001))
    const table = classifierTable(many)
    assert.deepEqual(
      table.columns.map(({ name }) => name),
      ['classifier-confidence', 'classifier-entropy', 'predicted-class'],
    )
    assert.ok(Math.abs(columnValues(table, 'classifier-entropy')[0] - Math.log(1000)) < 1e-3)
  })

  it('takes logarithms of zero probabilities as of 1e-7', () => {
    const certain = classifierTable(tensor([1, 2], Float32Array.of(0, 1)))
    assert.ok(Math.abs(columnValues(certain, 'log-probability-0')[0] - Math.log(1e-7)) < 1e-5)
    assert.ok(columnValues(certain, 'classifier-entropy')[0] < 1e-5)
  })

  it('stays finite for large logits', () => {
    const table = classifierTable(tensor([1, 2], Float32Array.of(1000, -1000)))
    assert.deepEqual([...columnValues(table, 'classifier-energy')], [1000])
    assert.deepEqual([...columnValues(table, 'classifier-entropy')], [0])
  })

  it('refuses scores that are no matrix', () => {
    assert.throws(() => classifierTable(tensor([2], Float32Array.of(1, 2))), RangeError)
  })
})
