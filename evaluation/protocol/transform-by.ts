import type { PixelTransform } from '../../src/measuring/index.ts'
import { measureRows, type Representation } from '../../src/representations/index.ts'

/** One representation by itself. */
export function transformBy(
  representation: Pick<Representation, 'columns' | 'measureInto'>,
): PixelTransform {
  const { columns } = representation
  return { columns, transform: (pixels) => measureRows(representation, { pixels }) }
}
