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
import {
  type ClassifierPreprocessing,
  describeInput,
  planInput,
} from './classifier/preprocessing.ts'
import { runClassifier, type Runner } from './classifier/runner.ts'
import { requirePixels } from './pixel-rows.ts'
import type { Representation } from './representation.ts'
import {
  decodeJson,
  encodeJson,
  requireFile,
  requireShape,
  type SavedFiles,
} from './saved-files.ts'

const modelFile = 'classifier.onnx'
const settingsFile = 'classifier.json'

/** What the tool can't read from the model file itself. */
export type ClassifierSettings = {
  /** Of the images, not of the model. */
  readonly shape: ImageShape
  /** How pixels in [0, 1] become what the model takes. Default: as they are, in the layout it declares. */
  readonly preprocessing?: ClassifierPreprocessing
  /** Name of the output with the scores; default the only one of shape N×K. */
  readonly output?: string
  /** Default: found by running the model on a few plain images. */
  readonly outputKind?: ClassifierOutputKind
  /** One per class, for titles. */
  readonly classNames?: readonly string[]
}

export type OpenClassifierOptions = SessionOptions & ClassifierSettings

/** A user's classifier as a source of features: its scores, how sure it is, and the class it predicts. */
export interface Classifier extends Representation {
  readonly kind: 'classifier-outputs'
  readonly outputKind: ClassifierOutputKind
  readonly classCount: number
  /** As given, or as the model file says. */
  readonly classNames?: readonly string[]
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
    kind: 'classifier-outputs',
    columns: classifierColumns(classCount, outputKind, classNames),
    outputKind,
    classCount,
    ...names,
    inputDescription: describeInput(runner.plan),
    transform: async (pixels) => {
      if (requirePixels(pixels, shape) === 0) return new Float32Array()
      const scores = await runClassifier(runner, pixels)
      return classifierTable(scores, { kind: outputKind, ...names }).values
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
