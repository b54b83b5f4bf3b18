import type { Tolerance } from '../../src/detector/index.ts'
import type { Adjustment, Resampling } from '../../src/images/index.ts'

/** What the study's detectors tolerate: each kind of change, and pairs of them. */
export const TOLERANCES: Readonly<Record<string, Tolerance>> = {
  rotation: { rotation: 10 },
  translation: { translation: 0.1 },
  brightness: { brightness: 0.1 },
  contrast: { contrast: 0.2 },
  noise: { noise: 0.05 },
  'rotation+translation': { rotation: 10, translation: 0.1 },
  'brightness+contrast': { brightness: 0.1, contrast: 0.2 },
  'brightness+noise': { brightness: 0.1, noise: 0.05 },
}

/** How a user's tool makes a change; as the product does by default where nothing is said. */
export type Tool = {
  readonly resampling?: Resampling
  /** Brightness as a gain, contrast about the image's mean. */
  readonly isRelative?: boolean
  readonly rounded?: boolean
}

/** Strengths in units of the limits, either way; noise takes their size. */
export type Strength = (kind: string, axis: number) => number

/** A change of one image: every tolerated kind at its strength. */
export function changeBy(limits: Tolerance, strength: Strength, tool: Tool = {}): Adjustment {
  const { isRelative = false, ...how } = tool
  const parts = Object.entries(limits).map(([kind, limit = 0]): Adjustment => {
    const first = limit * strength(kind, 0)
    switch (kind) {
      case 'translation':
        return { down: first, right: limit * strength(kind, 1) }
      case 'noise':
        return { noise: Math.abs(first) }
      case 'brightness':
        return isRelative ? { gain: first } : { brightness: first }
      case 'contrast':
        return isRelative ? { contrast: first, pivot: 'mean' } : { contrast: first }
      default:
        return { [kind]: first }
    }
  })
  return Object.assign({}, ...parts, how) as Adjustment
}
