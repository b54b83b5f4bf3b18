import { DriftError } from '../errors.ts'
import { createRandom, takeRows, type Tensor } from '../tensor/index.ts'
import {
  fitPrincipalDirections,
  loadDirections,
  type PrincipalDirections,
  principalProjection,
  saveDirections,
} from './principal-directions.ts'
import { requireInput } from './inputs.ts'
import type { Representation } from './representation.ts'
import type { RepresentationKind } from './representation-kind.ts'
import { decodeJson, encodeJson, requireCount, type SavedFiles } from './saved-files.ts'

const kind = 'embedding-components'
const headerFile = 'embedding-components.json'

export type FitEmbeddingComponentsOptions = {
  /** N×D embeddings of training images, from the user's own model. */
  readonly training: Tensor
  readonly seed: number
  /** Default 32; fewer where rows or numbers are too few. */
  readonly components?: number
  /** Rows drawn for the fit; default 2048. Its cost is their number × D² / 2. */
  readonly sampleSize?: number
}

/** Learns a short form of embeddings: the directions in which those of the training images vary most. */
export function fitEmbeddingComponents({
  training,
  seed,
  components = 32,
  sampleSize = 2048,
}: FitEmbeddingComponentsOptions): Representation {
  const size = requireMatrix(training)
  const [rows] = training.shape
  if (rows < 2) {
    throw new DriftError('data.insufficient', `expected at least 2 embeddings, got ${rows}`)
  }
  const random = createRandom(seed)
  const sample = takeRows(training, random.sample(rows, Math.min(rows, sampleSize)))
  return componentsOf(fitPrincipalDirections(sample.data, { size, count: components, random }))
}

/** Rebuilds what `save` wrote. */
export function loadEmbeddingComponents(files: SavedFiles): Representation {
  const header = decodeJson(files, headerFile)
  const size = requireCount(header, 'size')
  const count = requireCount(header, 'components')
  return componentsOf(loadDirections(files, kind, { size, count }))
}

/** The short form of the embeddings given beside the images. */
export const embeddingComponentsKind: RepresentationKind = {
  name: kind,
  file: headerFile,
  isOptional: true,
  fit: ({ training: { sideInputs }, seed }) =>
    sideInputs?.embeddings && fitEmbeddingComponents({ training: sideInputs.embeddings, seed }),
  load: loadEmbeddingComponents,
}

function componentsOf(fitted: PrincipalDirections): Representation {
  const projection = principalProjection(fitted)
  const size = fitted.mean.length
  const { count } = projection
  return {
    kind,
    needs: { of: 'embeddings', length: size },
    columns: Array.from({ length: count }, (_, k) => ({
      name: `embedding-${k + 1}`,
      group: 'classifier',
      title: `principal component ${k + 1} of the embeddings`,
    })),
    measureInto: async (inputs, { values, stride, offset }) => {
      const embeddings = requireInput(inputs, 'embeddings')
      if (requireMatrix(embeddings) !== size) {
        throw new RangeError(`expected embeddings of ${size} numbers, got ${embeddings.shape[1]}`)
      }
      for (let row = 0; row < embeddings.shape[0]; row++) {
        const embedding = embeddings.data.subarray(row * size, (row + 1) * size)
        projection.project(embedding, values, row * stride + offset)
      }
    },
    save: () =>
      new Map([
        [headerFile, encodeJson({ size, components: count })],
        ...saveDirections(kind, fitted),
      ]),
  }
}

/** Numbers per row. */
function requireMatrix({ shape }: Tensor): number {
  if (shape.length === 2) return shape[1]
  throw new RangeError(`expected embeddings of shape [N, D], got [${shape.join(', ')}]`)
}
