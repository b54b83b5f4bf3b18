import { DriftError } from '../../errors.ts'
import type { ImageShape } from '../../images/index.ts'

/** The shape images are brought to: their own, reduced so that the longer side is at most `workingSide`. */
export function workingShape(
  { channels, height, width }: ImageShape,
  workingSide: number,
): ImageShape {
  const scale = Math.min(1, workingSide / Math.max(height, width))
  const side = (length: number) => Math.max(1, Math.round(length * scale))
  return { channels, height: side(height), width: side(width) }
}

/** Throws DriftError('config.invalid') where the preset can't take the shape: the published model halves its sides twice. */
export function requirePresetSides(
  { height, width }: ImageShape,
  preset: 'default' | 'recipe',
): void {
  if (preset === 'default' || (height % 4 === 0 && width % 4 === 0)) return
  throw new DriftError(
    'config.invalid',
    `expected working sides that are multiples of 4 for the preset recipe, got ${height}×${width}`,
    { hint: 'Use the default preset, or a smaller working size whose sides are, such as 28.' },
  )
}
