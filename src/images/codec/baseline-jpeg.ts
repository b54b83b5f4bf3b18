/** The most usual JPEGs by kernels of our own, twice as fast as libjpeg compiled to WebAssembly, and with the same pixels. */
import { compiledKernels } from './compiled-jpeg.ts'
import { instantiate } from './instantiate.ts'
import type { JpegHeader } from './jpeg-header.ts'

/** The functions of `kernels/jpeg.ts`, documented there; addresses and sizes are bytes of `memory`. */
type Kernels = {
  /** Its buffer is another one after `reserve` had to grow it. */
  readonly memory: { readonly buffer: ArrayBuffer }
  reserve(bytes: number): number
  scratchBytes(length: number, height: number, width: number): number
  // oxlint-disable-next-line eslint/max-params -- the signature of a WebAssembly function
  decodeJpeg(
    bytes: number,
    length: number,
    height: number,
    width: number,
    channels: number,
    scratch: number,
    out: number,
  ): number
}

const MOST_KEPT = 1 << 24

/** Bytes behind the pixels that the kernel may write. */
const SLACK = 64

/**
 * The pixels of a baseline JPEG in one scan, in rows, in memory of which the next call makes others; undefined of any other
 * file, and where anything at all is odd.
 */
export function decodeBaselineJpeg(
  bytes: Uint8Array,
  { height, width, components }: Pick<JpegHeader, 'height' | 'width' | 'components'>,
): Uint8Array | undefined {
  // Memory that grew stays: that of a large picture is given back.
  if (loaded !== undefined && loaded.memory.buffer.byteLength > MOST_KEPT) loaded = undefined
  const kernels = loadKernels()
  const aligned = (size: number): number => Math.ceil(size / 16) * 16
  const size = height * width * components
  const room = aligned(size + SLACK)
  const out = kernels.reserve(
    room + aligned(bytes.length) + kernels.scratchBytes(bytes.length, height, width),
  )
  const input = out + room
  const scratch = input + aligned(bytes.length)
  new Uint8Array(kernels.memory.buffer).set(bytes, input)
  return kernels.decodeJpeg(input, bytes.length, height, width, components, scratch, out) === 1
    ? new Uint8Array(kernels.memory.buffer, out, size)
    : undefined
}

let loaded: Kernels | undefined

function loadKernels(): Kernels {
  loaded ??= instantiate(compiledKernels) as Kernels
  return loaded
}
