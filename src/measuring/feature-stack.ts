import type { SessionOptions } from '../engine/index.ts'
import { type GivenVectors, mapVectors, vectorNamesOf, type VectorName } from '../images/index.ts'
import {
  type Autoencoder,
  type Classifier,
  type ColumnTarget,
  copyRows,
  type EmbeddingComponents,
  type FeatureColumn,
  type FeatureTable,
  type GivenOutputs,
  loadAutoencoder,
  loadClassifier,
  loadEmbeddingComponents,
  loadGivenOutputs,
  loadImageProperties,
  loadOutlierScore,
  loadPrincipalComponents,
  type OutlierScore,
  type PrincipalComponents,
  type Representation,
  selectColumns,
  tableOf,
} from '../representations/index.ts'
import { sliceRows, type Tensor } from '../tensor/index.ts'
import { combineRepresentations } from './combined-representation.ts'

/** Numbers per image of each vector there is. */
export type VectorLengths = { readonly [name in VectorName]?: number }

/** Everything that is measured of an image: one row of named numbers, and its reconstruction. */
export type FeatureStack = {
  readonly columns: readonly FeatureColumn[]
  readonly autoencoder: Autoencoder
  /** Numbers per image of each vector that has to be given beside the pixels. */
  readonly given: VectorLengths
  /** Classes the user's model tells apart, and their names where the model itself says them; 0 without its outputs. */
  readonly classCount: number
  readonly classNames?: readonly string[]
  /** Pixels N×C×H×W, and what is given of them, to N × columns.length values, row-major. */
  transform(pixels: Tensor, given?: GivenVectors): Promise<Float32Array>
  save(): ReadonlyMap<string, Uint8Array>
  close(): Promise<void>
}

/** What measures the pixels themselves. */
export type PixelRepresentations = {
  readonly autoencoder: Autoencoder
  readonly properties: Representation
  readonly components: PrincipalComponents
  readonly classifier: Classifier | undefined
}

/** What measures the vectors given beside the pixels. */
export type VectorRepresentations = {
  readonly outputs: GivenOutputs | undefined
  readonly embeddings: EmbeddingComponents | undefined
}

/** What measures an image. */
export type ImageRepresentations = PixelRepresentations & VectorRepresentations

/** All of a stack: the outlier score is measured on the columns of the others. */
export type StackParts = ImageRepresentations & { readonly outlier: OutlierScore }

const MEASURED_AT_ONCE = 500
/** The files that tell a stack with each of these from one without. */
const CLASSIFIER_FILE = 'classifier.onnx'
const OUTPUTS_FILE = 'given-outputs.json'
const EMBEDDINGS_FILE = 'embedding-components.json'

/** Measures on the thread that asks. */
export function createFeatureStack(parts: StackParts): FeatureStack {
  const { autoencoder, components, classifier, outlier } = parts
  const base = combineParts(parts)
  const columns = [...base.columns, ...outlier.columns]
  const quantities = Uint32Array.from(outlier.inputs, (name) => positionOf(base.columns, name))
  return {
    columns,
    autoencoder,
    given: base.given,
    ...classesOf(parts),
    transform: async (pixels, given = {}) => {
      const [rows] = pixels.shape
      const stride = columns.length
      const values = new Float32Array(rows * stride)
      await base.measureInto({ pixels, given }, { values, stride, offset: 0 })
      const offset = base.columns.length
      const source = { values, rows, stride, columns: quantities }
      await outlier.scoreInto(source, { values, stride, offset })
      return values
    },
    save: () => new Map(savedFiles([base, outlier])),
    close: async () => {
      for (const part of [autoencoder, components, outlier, classifier]) await part?.close()
    },
  }
}

function classesOf({
  classifier,
  outputs,
}: Pick<StackParts, 'classifier' | 'outputs'>): Pick<FeatureStack, 'classCount' | 'classNames'> {
  if (classifier === undefined)
    return { classCount: outputs === undefined ? 0 : Math.max(2, outputs.length) }
  const { classCount, classNames } = classifier
  return { classCount, ...(classNames && { classNames }) }
}

/** Rebuilds what `save` wrote. */
export async function loadFeatureStack(
  files: ReadonlyMap<string, Uint8Array>,
  options: SessionOptions = {},
): Promise<FeatureStack> {
  return createFeatureStack({
    autoencoder: await loadAutoencoder(files, options),
    properties: loadImageProperties(files),
    components: loadPrincipalComponents(files),
    classifier: files.has(CLASSIFIER_FILE) ? await loadClassifier(files, options) : undefined,
    outputs: files.has(OUTPUTS_FILE) ? loadGivenOutputs(files) : undefined,
    embeddings: files.has(EMBEDDINGS_FILE) ? loadEmbeddingComponents(files) : undefined,
    outlier: loadOutlierScore(files),
  })
}

/** What the outlier score is fitted on: all columns of these images but the predicted class, which is no quantity. */
export async function measureQuantities(
  parts: ImageRepresentations,
  pixels: Tensor,
  given: GivenVectors = {},
): Promise<FeatureTable> {
  const { columns, measureInto } = combineParts(parts)
  const [rows] = pixels.shape
  const stride = columns.length
  const values = new Float32Array(rows * stride)
  for (let start = 0; start < rows; start += MEASURED_AT_ONCE) {
    const end = Math.min(start + MEASURED_AT_ONCE, rows)
    const cut = (all: Tensor) => sliceRows(all, start, end)
    const target = { values: values.subarray(start * stride, end * stride), stride, offset: 0 }
    await measureInto({ pixels: cut(pixels), given: mapVectors(given, cut) }, target)
  }
  return selectColumns(tableOf(columns, values), isQuantity)
}

function positionOf(columns: readonly FeatureColumn[], name: string): number {
  const position = columns.findIndex((column) => column.name === name)
  if (position < 0)
    throw new RangeError(`expected a column ${name} for the outlier score, got none`)
  return position
}

type StackInput = { readonly pixels: Tensor; readonly given: GivenVectors }

/** All parts but the outlier score side by side. */
function combineParts(parts: ImageRepresentations) {
  const base = combineRepresentations(presentOf(parts))
  const vectors = vectorParts(parts)
  return {
    columns: [...base.columns, ...vectors.flatMap(({ columns }) => columns)],
    given: Object.fromEntries(vectors.map(({ name, length }) => [name, length])) as VectorLengths,
    measureInto: async ({ pixels, given }: StackInput, target: ColumnTarget): Promise<void> => {
      await base.transformInto(pixels, target)
      let offset = target.offset + base.columns.length
      for (const part of vectors) {
        const values = part.transform(requireVectors(given, part.name))
        const width = part.columns.length
        copyRows({ values, width }, { ...target, offset })
        offset += width
      }
    },
    save: () => new Map(savedFiles([base, ...vectors])),
  }
}

function vectorParts({ outputs, embeddings }: VectorRepresentations) {
  return [
    ...(outputs ? [{ ...outputs, name: outputs.kind }] : []),
    ...(embeddings
      ? [{ ...embeddings, name: 'embeddings' as const, length: embeddings.size }]
      : []),
  ]
}

function requireVectors(given: GivenVectors, name: VectorName): Tensor {
  const rows = given[name]
  if (rows !== undefined) return rows
  throw new RangeError(
    `expected ${name} beside the pixels, got ${vectorNamesOf(given).join(', ') || 'none'}`,
  )
}

/** The predicted class is a name. */
function isQuantity({ group }: FeatureColumn): boolean {
  return group !== 'prediction'
}

function presentOf({
  autoencoder,
  properties,
  components,
  classifier,
}: PixelRepresentations): Representation[] {
  const always = [autoencoder, properties, components]
  return classifier === undefined ? always : [...always, classifier]
}

function* savedFiles(
  parts: readonly Pick<Representation, 'save'>[],
): Generator<readonly [string, Uint8Array]> {
  for (const part of parts) yield* part.save()
}
