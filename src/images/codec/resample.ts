import { bilinearAxis, type Axis } from '../bilinear-axis.ts'
import type { ImageShape, ResizePolicy } from '../image-source.ts'
import type { RawPixels } from '../raw-pixels.ts'
import type { PlaneSize } from '../resample-plane.ts'
import { compiledKernels } from './compiled.ts'
import { instantiate } from './instantiate.ts'

/** Pixels that are whole numbers. */
export type WholePixels = RawPixels & { readonly data: Uint8Array | Uint16Array }

/**
 * Brings pixels to the height and width of `to` by the one rule for all images: bilinear with half-pixel centres, the
 * triangle widened when shrinking, computed in floats and rounded once, to the depth of the pixels. Channels stay;
 * margins are black, and of an odd number one more of what is cut lies at the top and left.
 */
export function resample(pixels: WholePixels, to: ImageShape, policy: ResizePolicy): WholePixels {
  const { channels } = pixels.shape
  const plan = planFor(pixels.shape, to, policy)
  const area = to.height * to.width
  const isDeep = pixels.data instanceof Uint16Array
  const data = isDeep ? new Uint16Array(channels * area) : new Uint8Array(channels * area)
  if (pixels.layout === 'HWC') {
    resamplePicture({ data: pixels.data, channels }, data, plan)
  } else {
    const size = pixels.shape.height * pixels.shape.width
    for (let channel = 0; channel < channels; channel++) {
      const plane = pixels.data.subarray(channel * size)
      resamplePicture({ data: plane, channels: 1 }, data.subarray(channel * area), plan)
    }
  }
  return { shape: { ...to, channels }, layout: pixels.layout, data }
}

/** One axis of the picture: `axis` computes the target's pixels from `start` on, the others are black. */
type Side = { readonly axis: Axis; readonly start: number; readonly length: number }

type Plan = {
  readonly from: PlaneSize
  readonly to: PlaneSize
  readonly down: Side
  readonly across: Side
}

let last: { readonly policy: ResizePolicy; readonly plan: Plan } | undefined

/** The images of a batch mostly share their size. */
function planFor(from: PlaneSize, to: PlaneSize, policy: ResizePolicy): Plan {
  const isSame = last?.policy === policy && isSize(last.plan.from, from) && isSize(last.plan.to, to)
  if (last === undefined || !isSame) last = { policy, plan: planResampling(from, to, policy) }
  return last.plan
}

function isSize(a: PlaneSize, b: PlaneSize): boolean {
  return a.height === b.height && a.width === b.width
}

function planResampling(from: PlaneSize, to: PlaneSize, policy: ResizePolicy): Plan {
  const size = sizeBefore(from, to, policy)
  return {
    from,
    to,
    down: planSide(from.height, size.height, to.height),
    across: planSide(from.width, size.width, to.width),
  }
}

/** The picture's size before it is cropped or gets its margins. */
function sizeBefore(from: PlaneSize, to: PlaneSize, policy: ResizePolicy): PlaneSize {
  if (policy === 'stretch') return to
  const factors = [to.height / from.height, to.width / from.width]
  const factor = policy === 'cover' ? Math.max(...factors) : Math.min(...factors)
  const side = (length: number): number => Math.max(1, Math.round(length * factor))
  return { height: side(from.height), width: side(from.width) }
}

function planSide(from: number, size: number, to: number): Side {
  const margin = Math.floor((to - size) / 2)
  const start = Math.max(0, margin)
  const length = Math.min(to, margin + size) - start
  const shown = { start: start - margin, end: start - margin + length }
  return { axis: bilinearAxis(from, size, shown), start, length }
}

type Interleaved = { readonly data: Uint8Array | Uint16Array; readonly channels: number }

function resamplePicture(
  { data, channels }: Interleaved,
  target: Uint8Array | Uint16Array,
  { from, to, down, across }: Plan,
): void {
  const bytes = data.BYTES_PER_ELEMENT
  const columns = from.width * channels
  const rowBytes = columns * bytes
  const chunk = Math.max(1, Math.floor(LARGEST_CHUNK / rowBytes))
  const kernels = loadKernels()
  const at = placeAll(kernels, { rowBytes, chunk, columns, channels, down, across })
  const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const result = new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
  const memory = new Uint8Array(kernels.memory.buffer)
  const addRows = bytes === 1 ? 'addByteRows' : 'addShortRows'
  const average = bytes === 1 ? 'averageToBytes' : 'averageToShorts'
  const { first, counts } = down.axis
  for (let y = 0, weights = at.down; y < down.length; y++) {
    memory.fill(0, at.sums, at.out)
    for (let done = 0; done < counts[y]; done += chunk) {
      const rows = Math.min(chunk, counts[y] - done)
      const start = (first[y] + done) * rowBytes
      memory.set(source.subarray(start, start + rows * rowBytes), at.rows)
      kernels[addRows](at.rows, rowBytes, rows, columns, weights, at.sums)
      weights += 4 * rows
    }
    kernels[average](at.sums, channels, across.length, at.first, at.counts, at.across, at.out)
    const length = across.length * channels * bytes
    const place = ((down.start + y) * to.width + across.start) * channels * bytes
    result.set(memory.subarray(at.out, at.out + length), place)
  }
  // Memory that grew stays: only that of an extraordinary picture is given back.
  if (memory.byteLength > MOST_KEPT) loaded = undefined
}

/** Of a picture's rows that are in the kernels' memory at once, in bytes, a mebibyte; at least one row is. */
const LARGEST_CHUNK = 1_048_576

const MOST_KEPT = 67_108_864

/** Bytes behind a row that a kernel may read and write. */
const SLACK = 64

type Sizes = {
  readonly rowBytes: number
  readonly chunk: number
  readonly columns: number
  readonly channels: number
  readonly down: Side
  readonly across: Side
}

/** Addresses of everything a resampling needs, the axes written there. */
function placeAll(
  kernels: Kernels,
  { rowBytes, chunk, columns, channels, down, across }: Sizes,
): Readonly<Record<'rows' | 'sums' | 'out' | 'down' | 'across' | 'first' | 'counts', number>> {
  const parts = {
    sums: 4 * columns + SLACK,
    out: 2 * across.length * channels,
    rows: Math.min(chunk, Math.max(...down.axis.counts)) * rowBytes + SLACK,
    down: down.axis.weights.byteLength,
    across: across.axis.weights.byteLength,
    first: across.axis.first.byteLength,
    counts: across.axis.counts.byteLength,
  }
  const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16
  const total = Object.values(parts).reduce((sum, bytes) => sum + aligned(bytes), 0)
  let next = kernels.reserve(total)
  const at = { ...parts }
  for (const name of Object.keys(parts) as (keyof typeof parts)[]) {
    at[name] = next
    next += aligned(parts[name])
  }
  const { buffer } = kernels.memory
  new Float32Array(buffer, at.down, down.axis.weights.length).set(down.axis.weights)
  new Float32Array(buffer, at.across, across.axis.weights.length).set(across.axis.weights)
  new Int32Array(buffer, at.first, across.length).set(across.axis.first)
  new Int32Array(buffer, at.counts, across.length).set(across.axis.counts)
  return at
}

/** The functions of `kernels/resample.ts`, documented there; addresses and sizes are bytes of `memory`. */
type Kernels = {
  /** Its buffer is another one after `reserve` had to grow it. */
  readonly memory: { readonly buffer: ArrayBuffer }
  reserve(bytes: number): number
  readonly addByteRows: AddRows
  readonly addShortRows: AddRows
  readonly averageToBytes: Average
  readonly averageToShorts: Average
}

// oxlint-disable-next-line eslint/max-params -- the signature of a WebAssembly function
type AddRows = (
  rows: number,
  stride: number,
  count: number,
  columns: number,
  weights: number,
  sums: number,
) => void

// oxlint-disable-next-line eslint/max-params -- the signature of a WebAssembly function
type Average = (
  sums: number,
  channels: number,
  width: number,
  first: number,
  counts: number,
  weights: number,
  out: number,
) => void

let loaded: Kernels | undefined

function loadKernels(): Kernels {
  loaded ??= instantiate(compiledKernels) as Kernels
  return loaded
}
