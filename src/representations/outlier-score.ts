import { FREE, ops } from '../engine/index.ts'
import { DriftError } from '../errors.ts'
import { createRandom, type Random, tensor } from '../tensor/index.ts'
import { type LazySession, lazySession } from './lazy-session.ts'
import { leadingEigenvectors } from './leading-eigenvectors.ts'
import {
  fitGaussianiser,
  type Gaussianiser,
  gaussianise,
  knotCount,
} from './outlier-score/gaussianiser.ts'
import { wholeRows } from './feature-table.ts'
import { ledoitWolf } from './outlier-score/ledoit-wolf.ts'
import {
  measureNearest,
  neighbourCount,
  neighbourDimensions,
  type Neighbours,
  prepareNeighbours,
} from './outlier-score/nearest-neighbours.ts'
import { type Whitening, whiteningOf } from './outlier-score/whitening.ts'
import { type Projection, projectionOf, projectNodes } from './projection.ts'
import { requireInput } from './inputs.ts'
import type {
  ColumnSource,
  ColumnTarget,
  FeatureColumn,
  FeatureTable,
  Representation,
} from './representation.ts'
import type { RepresentationKind } from './representation-kind.ts'
import {
  decodeFloats,
  decodeJson,
  encodeFloats,
  encodeJson,
  requireCount,
  type SavedFiles,
} from './saved-files.ts'

export type FitOutlierScoreOptions = {
  readonly seed: number
  /** Training rows kept as possible neighbours; default 500. */
  readonly storedRows?: number
}

type Fitted = {
  readonly inputs: readonly string[]
  readonly map: Gaussianiser
  readonly whitening: Whitening
  /** Leading principal directions of the normal scores, row-major, and the offsets that centre them. */
  readonly directions: Float32Array
  readonly directionOffsets: Float32Array
  /** Stored rows along those directions. */
  readonly points: Float32Array
}

const kind = 'outlier-score'
const headerFile = 'outlier-score.json'

/** Both rise with unusualness. */
const columns: readonly FeatureColumn[] = [
  {
    name: 'outlier-distance',
    group: 'outlier',
    title: 'unusualness (Mahalanobis distance of all features from the training images)',
  },
  {
    name: 'outlier-neighbours',
    group: 'outlier',
    title: 'remoteness (mean distance to the 5 most similar training images)',
  },
]

/** How unusual an image is, from all its other numbers together: fitted on features of training images. Only rows that were not fitted on, as the held-out reference, have scores
 * to compare a batch with: fitted rows are closer to themselves. Cost of a score: inputs² / 2 multiplications. */
export function fitOutlierScore(
  training: FeatureTable,
  { seed, storedRows = 500 }: FitOutlierScoreOptions,
): Representation {
  const size = training.columns.length
  if (training.rows <= neighbourCount || size === 0) {
    throw new DriftError(
      'data.insufficient',
      `expected more than ${neighbourCount} training rows of at least one column, got ${training.rows} × ${size}`,
    )
  }
  const random = createRandom(seed)
  const map = fitGaussianiser(training.values, size)
  const scores = gaussianise(map, wholeRows(training.values, size))
  const { mean, matrix } = ledoitWolf(scores, size)
  const plane = principalPlane(matrix, mean, random)
  const chosen = random.sample(training.rows, Math.min(training.rows, storedRows))
  const rows = new Float32Array(chosen.length * size)
  chosen.forEach((row, i) => rows.set(scores.subarray(row * size, (row + 1) * size), i * size))
  setConstantVariances(matrix, map)
  return scoreOf({
    inputs: training.columns.map((column) => column.name),
    map,
    whitening: whiteningOf(matrix, mean),
    ...plane,
    points: projectRows(projectionOf(plane.directions, plane.directionOffsets, size), rows, size),
  })
}

/** Rebuilds what `save` wrote. */
export function loadOutlierScore(files: SavedFiles): Representation {
  const header = decodeJson(files, headerFile)
  const inputs = header['inputs']
  if (!Array.isArray(inputs) || !inputs.every((name) => typeof name === 'string')) {
    throw new DriftError('artifact.corrupt', `expected column names as inputs in ${headerFile}`)
  }
  const size = inputs.length
  const floats = (name: keyof typeof fileNames, count: number): Float32Array =>
    decodeFloats(files, fileNames[name], count)
  return scoreOf({
    inputs,
    map: {
      size,
      knots: floats('knots', size * knotCount),
      scores: floats('scores', size * knotCount),
      scales: floats('scales', size),
    },
    whitening: { matrix: floats('whitening', size * size), offsets: floats('offsets', size) },
    directions: floats('directions', neighbourDimensions * size),
    directionOffsets: floats('directionOffsets', neighbourDimensions),
    points: floats('points', neighbourDimensions * requireCount(header, 'storedRows')),
  })
}

/** The unusualness of images by what the kinds before it measure. */
export const outlierScoreKind: RepresentationKind = {
  name: kind,
  file: headerFile,
  // Scores of training images would be too good: the autoencoder knows them.
  fit: async ({ quantities, seed }) => fitOutlierScore(await quantities(), { seed }),
  load: loadOutlierScore,
}

const fileNames = {
  knots: 'outlier-score.knots.f32',
  scores: 'outlier-score.scores.f32',
  scales: 'outlier-score.scales.f32',
  whitening: 'outlier-score.whitening.f32',
  offsets: 'outlier-score.offsets.f32',
  directions: 'outlier-score.directions.f32',
  directionOffsets: 'outlier-score.direction-offsets.f32',
  points: 'outlier-score.points.f32',
} as const

function scoreOf(fitted: Fitted): Representation {
  const size = fitted.inputs.length
  const session = distanceSession(fitted)
  const neighbours = prepareNeighbours(fitted.points)
  const scorer = { map: fitted.map, neighbours, session }
  return {
    kind,
    columns,
    needs: { of: 'columns', names: fitted.inputs },
    measureInto: async (inputs, target) => {
      const source = requireInput(inputs, 'columns')
      if (source.columns.length !== size) {
        throw new RangeError(`expected ${size} columns, got ${source.columns.length}`)
      }
      await scoreRows(scorer, source, target)
    },
    save: () => save(fitted),
    close: () => session.close(),
  }
}

/** A run costs as much as the scores of some hundred rows. */
const rowsPerRun = 1024

/** Normal scores to the Mahalanobis distance, and to the coordinates among the stored rows. */
function distanceSession(fitted: Fitted): LazySession {
  const { whitening, directions, directionOffsets } = fitted
  const input = ops.input('scores', [FREE, fitted.inputs.length])
  const white = projectNodes(input, whitening.matrix, whitening.offsets)
  return lazySession({
    name: 'pixeldrift-outlier-score',
    input,
    inputName: 'scores',
    outputs: {
      distance: ops.sqrt(ops.reduceMean(ops.mul(white, white), [1])),
      queries: projectNodes(input, directions, directionOffsets),
    },
    rowsPerRun,
  })
}

type Scorer = {
  readonly map: Gaussianiser
  readonly neighbours: Neighbours
  readonly session: LazySession
}

async function scoreRows(
  { map, neighbours, session }: Scorer,
  source: ColumnSource,
  { values, stride, offset }: ColumnTarget,
): Promise<void> {
  const part = (start: number, end: number) =>
    tensor([end - start, map.size], gaussianise(map, source, { start, end }))
  await session.run({ count: source.rows, part }, ({ distance, queries }, start) => {
    const remoteness = measureNearest(neighbours, queries.data)
    remoteness.forEach((value, row) => {
      const at = (start + row) * stride + offset
      values[at] = distance.data[row]
      values[at + 1] = value
    })
  })
}

function save({
  inputs,
  map,
  whitening,
  directions,
  directionOffsets,
  points,
}: Fitted): SavedFiles {
  const storedRows = points.length / neighbourDimensions
  return new Map([
    [headerFile, encodeJson({ inputs, storedRows })],
    [fileNames.knots, encodeFloats(map.knots)],
    [fileNames.scores, encodeFloats(map.scores)],
    [fileNames.scales, encodeFloats(map.scales)],
    [fileNames.whitening, encodeFloats(whitening.matrix)],
    [fileNames.offsets, encodeFloats(whitening.offsets)],
    [fileNames.directions, encodeFloats(directions)],
    [fileNames.directionOffsets, encodeFloats(directionOffsets)],
    [fileNames.points, encodeFloats(points)],
  ])
}

/** The leading directions of the covariance; fewer columns than dimensions leave the rest at 0. */
function principalPlane(
  matrix: Float64Array,
  mean: Float64Array,
  random: Random,
): Pick<Fitted, 'directions' | 'directionOffsets'> {
  const size = mean.length
  const count = Math.min(size, neighbourDimensions)
  const { vectors } = leadingEigenvectors(matrix, { size, count, random })
  const directions = new Float32Array(neighbourDimensions * size)
  const directionOffsets = new Float32Array(neighbourDimensions)
  vectors.forEach((vector, k) => {
    directions.set(vector, k * size)
    directionOffsets[k] = -vector.reduce((sum, value, j) => sum + value * mean[j], 0)
  })
  return { directions, directionOffsets }
}

/** A column that never varied in training counts like any other once it does. */
function setConstantVariances(matrix: Float64Array, { size, scales }: Gaussianiser): void {
  for (let k = 0; k < size; k++) if (scales[k] === 0) matrix[k * size + k] = 1
}

function projectRows(projection: Projection, rows: Float32Array, size: number): Float32Array {
  const count = rows.length / size
  const out = new Float32Array(count * projection.count)
  for (let row = 0; row < count; row++) {
    projection.project(rows.subarray(row * size, (row + 1) * size), out, row * projection.count)
  }
  return out
}
