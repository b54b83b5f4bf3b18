import { compiledKernels } from './compiled.ts'

/** The functions of `kernels/`, documented there; addresses and sizes are bytes of `memory`. */
export type Kernels = {
  /** Its buffer is another one after `reserve` had to grow it. */
  readonly memory: { readonly buffer: ArrayBuffer }
  reserve(bytes: number): number
  scratchBytes(channels: number, height: number, width: number): number
  measureImages(
    images: number,
    count: number,
    channels: number,
    height: number,
    width: number,
    out: number,
    columns: number,
    scratch: number,
  ): void
  gaussianise(
    rows: number,
    count: number,
    size: number,
    knots: number,
    scores: number,
    scales: number,
  ): void
  measureNearest(
    queries: number,
    count: number,
    norms: number,
    turned: number,
    pointCount: number,
    out: number,
    scratch: number,
  ): void
  placeBytes(height: number, width: number): number
  averagePlanes(image: number, channels: number, count: number, plane: number): void
  aboveMedian(plane: number, height: number, width: number, out: number, scratch: number): void
  measureSteps(plane: number, height: number, width: number, out: number, scratch: number): void
  toSteps(
    values: number,
    means: number,
    scales: number,
    count: number,
    limit: number,
    out: number,
  ): void
  averageCells: CellsKernel
  farthestInCells: CellsKernel
}

/** From a plane to a number for each cell of a grid. */
type CellsKernel = (
  plane: number,
  width: number,
  top: number,
  rows: number,
  left: number,
  columns: number,
  out: number,
) => void

let loaded: Kernels | undefined

/** One instance per thread, and one memory: what `reserve` gave is free for others after the next await. */
export function loadKernels(): Kernels {
  if (loaded === undefined) {
    const module = new WebAssembly.Module(Buffer.from(compiledKernels, 'base64'))
    loaded = new WebAssembly.Instance(module).exports as Kernels
  }
  return loaded
}

/** The next multiple of 16, to which kernels' addresses are aligned. */
export function alignBytes(bytes: number): number {
  return Math.ceil(bytes / 16) * 16
}
