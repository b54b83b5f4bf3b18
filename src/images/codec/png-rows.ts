import { inflateSync } from 'node:zlib'
import { compiledKernels } from './compiled-png.ts'
import { instantiate } from './instantiate.ts'

/** Rows of a PNG without interlacing: how many bytes each has, and after how many the same sample of the next pixel comes. */
export type RowLayout = {
  readonly rowBytes: number
  readonly height: number
  readonly step: 1 | 3
}

/** The functions of `kernels/png.ts`, documented there; addresses and sizes are bytes of `memory`. */
type Kernels = {
  /** Its buffer is another one after `reserve` had to grow it. */
  readonly memory: { readonly buffer: ArrayBuffer }
  reserve(bytes: number): number
  inflate(from: number, length: number, out: number, size: number): number
  // oxlint-disable-next-line eslint/max-params -- the signature of a WebAssembly function
  undoFilters(
    from: number,
    rowBytes: number,
    height: number,
    step: number,
    out: number,
    zeros: number,
  ): number
}

/** Bytes behind what they are given that the kernels may read or write. */
const SLACK = 64

/**
 * The rows packed in a PNG's data, their filters undone, in memory of which the next call makes others; undefined where the
 * data are damaged, or of another length.
 */
export function unpackRows(
  packed: Uint8Array,
  { rowBytes, height, step }: RowLayout,
): Uint8Array | undefined {
  const kernels = loadKernels()
  const [filteredBytes, wholeBytes] = [(rowBytes + 1) * height, rowBytes * height]
  const zeros = kernels.reserve(rowBytes + packed.length + filteredBytes + wholeBytes + 4 * SLACK)
  const input = zeros + rowBytes + SLACK
  const filtered = input + packed.length + SLACK
  const out = filtered + filteredBytes + SLACK
  const memory = new Uint8Array(kernels.memory.buffer)
  memory.fill(0, zeros, zeros + rowBytes)
  memory.set(packed, input)
  if (kernels.inflate(input, packed.length, filtered, filteredBytes) !== 1) {
    const inflated = inflateByZlib(packed, filteredBytes)
    if (inflated === undefined) return undefined
    memory.set(inflated, filtered)
  }
  return kernels.undoFilters(filtered, rowBytes, height, step, out, zeros) === 1
    ? memory.subarray(out, out + wholeBytes)
    : undefined
}

/** What the kernel does not know, or finds damaged; its own call costs more than to unpack a small picture. */
function inflateByZlib(packed: Uint8Array, length: number): Uint8Array | undefined {
  try {
    const whole = inflateSync(packed, { maxOutputLength: length })
    return whole.length === length ? whole : undefined
  } catch {
    return undefined
  }
}

let loaded: Kernels | undefined

function loadKernels(): Kernels {
  loaded ??= instantiate(compiledKernels) as Kernels
  return loaded
}
