import { openSession, readModel, type SessionOptions } from '../engine/index.ts'
import type { ImageShape } from '../images/index.ts'
import { elementCount, type Tensor, tensor } from '../tensor/index.ts'
import { namesInMetadata, requireClassNames } from './classifier/class-names.ts'
import { findInput, findOutput } from './classifier/model-signature.ts'
import {
  classifierColumns,
  type ClassifierOutputKind,
  classifierTable,
  detectOutputKind,
} from './classifier/output-columns.ts'
import type { ClassifierSettings } from './classifier/classifier-settings.ts'
import { describeInput, planInput } from './classifier/preprocessing.ts'
import { runClassifier, type Runner } from './classifier/runner.ts'
import { copyRows } from './feature-table.ts'
import { requireInput } from './inputs.ts'
import { requirePixels } from './pixel-rows.ts'
import type { ModelClasses, Representation } from './representation.ts'
import type { RepresentationKind } from './representation-kind.ts'
import {
  decodeJson,
  encodeJson,
  requireFile,
  requireShape,
  type SavedFiles,
} from './saved-files.ts'

const kind = 'classifier-outputs'
const modelFile = 'classifier.onnx'
const settingsFile = 'classifier.json'

export type OpenClassifierOptions = SessionOptions & ClassifierSettings

/** A user's classifier as a source of features: its scores, how sure it is, and the class it predicts. */
export interface Classifier extends Representation {
  readonly kind: typeof kind
  readonly outputKind: ClassifierOutputKind
  readonly classes: ModelClasses
  /** What is done to the pixels and what they become, in words. */
  readonly inputDescription: string
  close(): Promise<void>
}

/** Opens an ONNX classifier; finds its input and output and checks them by running it once. */
export async function openClassifier(
  bytes: Uint8Array,
  options: OpenClassifierOptions,
): Promise<Classifier> {
  const { shape, preprocessing = {} } = options
  // A Buffer's slice shares memory where a Uint8Array's copies it: readers of models rely on the copy.
  const model = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const description = readModel(model)
  const input = findInput(description)
  const output = findOutput(description, options.output)
  const stated = namesInMetadata(description.metadata)
  const plan = planInput(input.shape, shape, preprocessing)
  const session = await openSession(model, options)
  const fixedBatch = Math.max(0, input.shape[0])
  const runner = {
    session,
    input: input.name,
    output: output.name,
    plan,
    images: shape,
    fixedBatch,
  }
  try {
    return await checkedClassifier(model, runner, { ...options, stated })
  } catch (error) {
    await session.close()
    throw error
  }
}

/** Rebuilds what `save` wrote. */
export async function loadClassifier(
  files: SavedFiles,
  options: SessionOptions = {},
): Promise<Classifier> {
  const saved = decodeJson(files, settingsFile)
  const settings = saved as Omit<ClassifierSettings, 'shape'>
  const model = requireFile(files, modelFile)
  return openClassifier(model, { ...settings, ...options, shape: requireShape(saved) })
}

/** The outputs of the classifier that a fit was handed. */
export const classifierOutputsKind: RepresentationKind = {
  name: kind,
  file: modelFile,
  isOptional: true,
  isFirst: true,
  fit: async ({ classifier, shape }) =>
    classifier && openClassifier(classifier.model, { ...classifier, shape }),
  load: loadClassifier,
}

async function checkedClassifier(
  model: Uint8Array,
  runner: Runner,
  {
    shape,
    preprocessing,
    stated,
    ...options
  }: OpenClassifierOptions & { readonly stated: readonly string[] | undefined },
): Promise<Classifier> {
  const probe = await runClassifier(runner, plainImages(shape))
  const outputKind = options.outputKind ?? detectOutputKind(probe)
  const classCount = Math.max(2, probe.shape[1])
  if (options.classNames) requireClassNames(options.classNames, classCount)
  const classNames = options.classNames ?? (stated?.length === classCount ? stated : undefined)
  const names = classNames && { classNames }
  return {
    kind,
    columns: classifierColumns(classCount, outputKind, classNames),
    needs: { of: 'pixels' },
    outputKind,
    classes: { count: classCount, names: classNames },
    inputDescription: describeInput(runner.plan),
    measureInto: async (inputs, target) => {
      const pixels = requireInput(inputs, 'pixels')
      if (requirePixels(pixels, shape) === 0) return
      const scores = await runClassifier(runner, pixels)
      const { values, columns } = classifierTable(scores, { kind: outputKind, ...names })
      copyRows({ values, width: columns.length }, target)
    },
    save: () => {
      const settings = { ...shape, preprocessing, output: runner.output, outputKind, ...names }
      return new Map([
        [modelFile, model],
        [settingsFile, encodeJson(settings)],
      ])
    },
    close: () => runner.session.close(),
  }
}

/** Black, middle grey, white and a ramp: enough to tell probabilities from logits. */
function plainImages({ channels, height, width }: ImageShape): Tensor {
  const shape = [4, channels, height, width]
  const size = channels * height * width
  const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => {
    const image = Math.floor(i / size)
    return image < 3 ? image / 2 : (i % size) / size
  })
  return tensor(shape, data)
}
