import type { PlaneSize } from '../resample-plane.ts'

/**
 * Where an output pixel is read from, about the image's centre: y' = a·y + b·x + down, x' = c·y + d·x + right,
 * with y and x counted from the centre.
 */
export type AffineMap = {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly down: number
  readonly right: number
}

/** The parts of an affine change, as Keras names them; angles in degrees, shifts in pixels. */
export type AffineParts = {
  readonly rotation: number
  readonly down: number
  readonly right: number
  readonly shear: number
  readonly zoomY: number
  readonly zoomX: number
}

/** Rotation · shift · shear · zoom in rows and columns, as Keras' `apply_affine_transform` composes them. */
export function composeAffine(parts: AffineParts): AffineMap {
  const { down, right, zoomY, zoomX } = parts
  const theta = (parts.rotation * Math.PI) / 180
  const shear = (parts.shear * Math.PI) / 180
  const [sin, cos] = [Math.sin(theta), Math.cos(theta)]
  return {
    a: cos * zoomY,
    b: (-cos * Math.sin(shear) - sin * Math.cos(shear)) * zoomX,
    c: sin * zoomY,
    d: (-sin * Math.sin(shear) + cos * Math.cos(shear)) * zoomX,
    down: cos * down - sin * right,
    right: sin * down + cos * right,
  }
}

/** What lies beyond the edge: the nearest pixel, or black. */
export type Surroundings = 'nearest' | 'black'

/** Resamples a plane bilinearly at the places an affine map names. */
export function warpAffine(
  plane: Float32Array,
  { height, width }: PlaneSize,
  { map, beyond }: { readonly map: AffineMap; readonly beyond: Surroundings },
): Float32Array {
  const sample = beyond === 'nearest' ? sampleNearest : sampleBlack
  const centreY = (height - 1) / 2
  const centreX = (width - 1) / 2
  const out = new Float32Array(height * width)
  for (let row = 0; row < height; row++) {
    const y = row - centreY
    for (let column = 0; column < width; column++) {
      const x = column - centreX
      const fromY = map.a * y + map.b * x + map.down + centreY
      const fromX = map.c * y + map.d * x + map.right + centreX
      out[row * width + column] = sample(plane, { height, width }, [fromY, fromX])
    }
  }
  return out
}

type Sampler = (
  plane: Float32Array,
  size: PlaneSize,
  place: readonly [y: number, x: number],
) => number

const sampleNearest: Sampler = (plane, { height, width }, [y, x]) => {
  const row = Math.min(height - 1, Math.max(0, y))
  const column = Math.min(width - 1, Math.max(0, x))
  const top = Math.floor(row)
  const left = Math.floor(column)
  const bottom = Math.min(height - 1, top + 1)
  const right = Math.min(width - 1, left + 1)
  const down = row - top
  const across = column - left
  const upper = plane[top * width + left] * (1 - across) + plane[top * width + right] * across
  const lower = plane[bottom * width + left] * (1 - across) + plane[bottom * width + right] * across
  return upper * (1 - down) + lower * down
}

const sampleBlack: Sampler = (plane, { height, width }, [y, x]) => {
  if (y <= -1 || x <= -1 || y >= height || x >= width) return 0
  const top = Math.floor(y)
  const left = Math.floor(x)
  const down = y - top
  const across = x - left
  const at = (row: number, column: number): number =>
    row < 0 || column < 0 || row >= height || column >= width ? 0 : plane[row * width + column]
  const upper = at(top, left) * (1 - across) + at(top, left + 1) * across
  const lower = at(top + 1, left) * (1 - across) + at(top + 1, left + 1) * across
  return upper * (1 - down) + lower * down
}
