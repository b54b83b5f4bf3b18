import { sideInputNamesOf } from '../images/index.ts'
import type { ImageInputs, Representation } from './representation.ts'

/** What a representation needs of its inputs; throws RangeError where it is missing. */
export function requireInput<Name extends keyof ImageInputs>(
  inputs: ImageInputs,
  name: Name,
): NonNullable<ImageInputs[Name]> {
  const input = inputs[name]
  if (input !== undefined && input !== null) return input
  const { pixels, columns, ...sideInputs } = inputs
  const there = [
    ...(pixels === undefined ? [] : ['pixels']),
    ...sideInputNamesOf(sideInputs),
    ...(columns === undefined ? [] : ['columns']),
  ]
  throw new RangeError(`expected ${name} of the images, got ${there.join(', ') || 'nothing'}`)
}

/** The numbers of all images as rows of a table of their own: N × columns.length values, row-major. */
export async function measureRows(
  { columns, measureInto }: Pick<Representation, 'columns' | 'measureInto'>,
  inputs: ImageInputs,
): Promise<Float32Array> {
  const stride = columns.length
  const values = new Float32Array(countRows(inputs) * stride)
  await measureInto(inputs, { values, stride, offset: 0 })
  return values
}

/** How many images the inputs are of. */
export function countRows({ pixels, columns, ...sideInputs }: ImageInputs): number {
  const known = pixels ?? sideInputNamesOf(sideInputs).map((name) => sideInputs[name])[0]
  return known?.shape[0] ?? columns?.rows ?? 0
}
