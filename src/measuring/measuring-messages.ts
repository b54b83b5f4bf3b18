import type { SideInputs } from '../images/index.ts'
import { measureRows } from '../representations/index.ts'
import type { Tensor } from '../tensor/index.ts'
import type { Extractor } from './extractor.ts'

/** What a measuring thread is started with: the files of an extractor. */
export type Files = ReadonlyMap<string, Uint8Array>

/** Images to measure, and whose columns are wanted. */
export type MeasureRequest = {
  readonly measure: 'all' | 'autoencoder'
  readonly pixels: Tensor
  readonly sideInputs: SideInputs
}

/** The numbers, and the memory that the pixels came in. */
export type MeasureAnswer = { readonly values: Float32Array; readonly memory: ArrayBuffer }

/** Measures on the thread that asks. */
export function measureAlone(
  { transform, autoencoder }: Pick<Extractor, 'transform' | 'autoencoder'>,
  { measure, pixels, sideInputs }: MeasureRequest,
): Promise<Float32Array> {
  return measure === 'all' ? transform(pixels, sideInputs) : measureRows(autoencoder, { pixels })
}
