import type { ImageShape } from '../images/index.ts'

/** The shape images are brought to: their own, reduced so that the longer side is at most `workingSide`. */
export function workingShape({ channels, height, width }: ImageShape, workingSide: number): ImageShape {
  const scale = Math.min(1, workingSide / Math.max(height, width))
  const side = (length: number) => Math.max(1, Math.round(length * scale))
  return { channels, height: side(height), width: side(width) }
}
