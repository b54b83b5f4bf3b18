import { throwIfCancelled } from '../errors.ts'
import { mapSideInputs, type SideInputs } from '../images/index.ts'
import { type FeatureColumn, measureRows, type Representation } from '../representations/index.ts'
import { sliceRows, type Tensor } from '../tensor/index.ts'

/** What makes rows of numbers of images. */
export type PixelTransform = {
  readonly columns: readonly FeatureColumn[]
  readonly transform: (pixels: Tensor, sideInputs?: SideInputs) => Promise<Float32Array>
}

/** What a representation makes of pixels and of what else is known of the images. */
export function pixelTransform(
  representation: Pick<Representation, 'columns' | 'measureInto'>,
): PixelTransform {
  return {
    columns: representation.columns,
    transform: (pixels, sideInputs = {}) => measureRows(representation, { ...sideInputs, pixels }),
  }
}

/** Images in memory, and what the user's own model said of them. */
export type ImagesInMemory = {
  readonly pixels: Tensor
  readonly sideInputs?: SideInputs | undefined
}

export type MeasurePixelsOptions = {
  /** Images measured at once. Default 1000. */
  readonly atOnce?: number | undefined
  /** Ends the measuring with DriftError('cancelled') once it is aborted. Default: nothing does. */
  readonly signal?: AbortSignal | undefined
  /** Called with the number of images measured so far. */
  readonly onMeasured?: ((done: number) => void) | undefined
}

/** The numbers of images that are in memory already, N × columns, row-major; of a source `measure` has them. */
export async function measurePixels(
  { columns, transform }: PixelTransform,
  { pixels, sideInputs = {} }: ImagesInMemory,
  { atOnce = 1000, signal, onMeasured }: MeasurePixelsOptions = {},
): Promise<Float32Array> {
  const [rows] = pixels.shape
  const values = new Float32Array(rows * columns.length)
  for (let start = 0; start < rows; start += atOnce) {
    throwIfCancelled(signal)
    const end = Math.min(start + atOnce, rows)
    const cut = (all: Tensor): Tensor => sliceRows(all, start, end)
    values.set(await transform(cut(pixels), mapSideInputs(sideInputs, cut)), start * columns.length)
    onMeasured?.(end)
  }
  return values
}
