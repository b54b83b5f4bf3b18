import type { SessionOptions } from '../engine/index.ts'
import { sliceRows, type Tensor } from '../tensor/index.ts'
import { type Autoencoder, loadAutoencoder } from './autoencoder/index.ts'
import { type Classifier, loadClassifier } from './classifier-outputs.ts'
import { combineRepresentations } from './combined-representation.ts'
import { concatenateColumns, selectColumns, tableOf } from './feature-table.ts'
import { loadImageProperties } from './image-properties.ts'
import { loadOutlierScore, type OutlierScore } from './outlier-score.ts'
import { loadPrincipalComponents, type PrincipalComponents } from './principal-components.ts'
import type { FeatureColumn, FeatureTable, Representation } from './representation.ts'

/** Everything that is measured of an image: one row of named numbers, and its reconstruction. */
export type FeatureStack = {
  readonly columns: readonly FeatureColumn[]
  readonly autoencoder: Autoencoder
  /** Pixels N×C×H×W to N × columns.length values, row-major. */
  transform(pixels: Tensor): Promise<Float32Array>
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

/** All of a stack: the outlier score is measured on the columns of the others. */
export type StackParts = PixelRepresentations & { readonly outlier: OutlierScore }

const MEASURED_AT_ONCE = 500
/** The file that tells a stack with a classifier from one without. */
const CLASSIFIER_FILE = 'classifier.onnx'

/** Measures on the thread that asks. */
export function createFeatureStack(parts: StackParts): FeatureStack {
  const { autoencoder, components, classifier, outlier } = parts
  const base = combineRepresentations(presentOf(parts))
  return {
    columns: [...base.columns, ...outlier.columns],
    autoencoder,
    transform: async (pixels) => {
      const table = tableOf(base.columns, await base.transform(pixels))
      const scores = await outlier.score(quantitiesOf(table).values)
      return concatenateColumns([table, tableOf(outlier.columns, scores)]).values
    },
    save: () => new Map(savedFiles([...presentOf(parts), outlier])),
    close: async () => {
      for (const part of [autoencoder, components, outlier, classifier]) await part?.close()
    },
  }
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
    outlier: loadOutlierScore(files),
  })
}

/** What the outlier score is fitted on: all columns of these images but the predicted class, which is no quantity. */
export async function measureQuantities(
  parts: PixelRepresentations,
  pixels: Tensor,
): Promise<FeatureTable> {
  const combined = combineRepresentations(presentOf(parts))
  const { columns } = combined
  const [rows] = pixels.shape
  const values = new Float32Array(rows * columns.length)
  for (let start = 0; start < rows; start += MEASURED_AT_ONCE) {
    const part = sliceRows(pixels, start, Math.min(start + MEASURED_AT_ONCE, rows))
    values.set(await combined.transform(part), start * columns.length)
  }
  return quantitiesOf(tableOf(columns, values))
}

function quantitiesOf(table: FeatureTable): FeatureTable {
  return selectColumns(table, ({ group }) => group !== 'prediction')
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
