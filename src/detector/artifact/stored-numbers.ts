import { DriftError } from '../../errors.ts'
import { elementCount, tensor, type Tensor } from '../../tensor/index.ts'

/** The bytes of an array, not copied. */
export function bytesOf({
  buffer,
  byteOffset,
  byteLength,
}: Float32Array | Float64Array | Uint32Array | Uint16Array | Int8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** A stored float32 array of this shape; throws DriftError('artifact.corrupt') when it has another size or is missing. */
export function floats(
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  shape: readonly number[],
): Tensor {
  const bytes = files.get(name)
  if (bytes?.byteLength !== 4 * elementCount(shape)) {
    throw new DriftError(
      'artifact.corrupt',
      `expected ${4 * elementCount(shape)} bytes in ${name}, got ${bytes?.byteLength ?? 'no such file'}`,
    )
  }
  return tensor(shape, new Float32Array(bytes.slice().buffer))
}
