import type { Random } from '../tensor/index.ts'
import { covarianceOf } from './covariance.ts'
import { leadingEigenvectors } from './leading-eigenvectors.ts'
import { type Projection, projectionOf } from './projection.ts'
import { decodeFloats, encodeFloats, type SavedFiles } from './saved-files.ts'

/** The directions in which rows vary most. */
export type PrincipalDirections = {
  readonly mean: Float32Array
  /** One unit vector per row, the largest variance first. */
  readonly directions: Float32Array
}

/** Up to `count` directions of row-major rows × size values; fewer where rows or values are too few. */
export function fitPrincipalDirections(
  values: Float32Array,
  {
    size,
    count,
    random,
  }: { readonly size: number; readonly count: number; readonly random: Random },
): PrincipalDirections {
  const rows = values.length / size
  const { mean, matrix } = covarianceOf(values, size)
  const kept = Math.min(count, size, rows - 1)
  const { vectors } = leadingEigenvectors(matrix, { size, count: kept, random })
  const directions = new Float32Array(kept * size)
  vectors.forEach((vector, k) => directions.set(vector, k * size))
  return { mean: Float32Array.from(mean), directions }
}

/** Coordinates along the directions; the mean projects to 0. */
export function principalProjection(fitted: PrincipalDirections): Projection {
  return projectionOf(fitted.directions, principalOffsets(fitted), fitted.mean.length)
}

/** Added to each coordinate so that the mean projects to 0. */
export function principalOffsets({ mean, directions }: PrincipalDirections): Float32Array {
  const size = mean.length
  return Float32Array.from({ length: directions.length / size }, (_, k) => {
    let sum = 0
    for (let j = 0; j < size; j++) sum -= directions[k * size + j] * mean[j]
    return sum
  })
}

/** Their files, named by the kind of representation that they belong to. */
export function saveDirections(
  kind: string,
  { mean, directions }: PrincipalDirections,
): readonly [string, Uint8Array][] {
  return [
    [meanFile(kind), encodeFloats(mean)],
    [directionsFile(kind), encodeFloats(directions)],
  ]
}

/** Rebuilds what `saveDirections` wrote: `count` directions of `size` values. */
export function loadDirections(
  files: SavedFiles,
  kind: string,
  { size, count }: { readonly size: number; readonly count: number },
): PrincipalDirections {
  return {
    mean: decodeFloats(files, meanFile(kind), size),
    directions: decodeFloats(files, directionsFile(kind), count * size),
  }
}

const meanFile = (kind: string): string => `${kind}.mean.f32`
const directionsFile = (kind: string): string => `${kind}.directions.f32`
