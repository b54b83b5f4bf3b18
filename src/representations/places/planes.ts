import type { ImageShape } from '../../images/index.ts'
import { alignBytes, loadKernels } from '../kernels/kernels.ts'
import type { Grid } from './grid.ts'

/** An image in the kernels' memory, until the next await; each answer is overwritten by the next one. */
export type Planes = {
  /** The C×H×W image that is asked about from now on. */
  load(image: Float32Array): void
  /** How far each pixel of the grey image stands above the median of its 3×3 neighbourhood: of each cell the value farthest from 0. */
  specks(grid: Grid): Float32Array
  /** The same of the means of cells. */
  spots(grid: Grid): Float32Array
  /** Mean of |step to the right| + |step down| of the grey image in each cell. */
  steps(grid: Grid): Float32Array
  /** Mean of the grey image in each cell. */
  grey(grid: Grid): Float32Array
  /** Mean of a channel in each cell. */
  channel(channel: number, grid: Grid): Float32Array
}

/** Bytes behind each area that whole lanes may reach. */
const BEHIND = 64

/** What can be asked of images of one shape, on some grids. */
export function createPlanes(
  { channels, height, width }: ImageShape,
  grids: readonly Grid[],
): Planes {
  const kernels = loadKernels()
  const pixels = height * width
  const areas = layOutAreas({ channels, pixels, margin: kernels.placeBytes(height, width) }, grids)
  let start = 0
  const at = (area: number): number => start + area
  const answer = (area: number, { rows, columns }: Grid): Float32Array =>
    new Float32Array(kernels.memory.buffer, at(area), rows * columns)
  const overCells = (
    kernel: 'averageCells' | 'farthestInCells',
    area: number,
    grid: Grid,
  ): Float32Array => {
    const edges = areas.edges.get(grid) ?? 0
    const left = edges + 4 * grid.top.length
    const { rows, columns } = grid
    kernels[kernel](at(area), width, at(edges), rows, at(left), columns, at(areas.cells))
    return answer(areas.cells, grid)
  }
  return {
    load(image) {
      start = kernels.reserve(areas.bytes)
      const memory = kernels.memory.buffer
      new Float32Array(memory, at(areas.image), image.length).set(image)
      for (const [{ top, left }, edges] of areas.edges) {
        new Uint32Array(memory, at(edges), top.length).set(top)
        new Uint32Array(memory, at(edges) + 4 * top.length, left.length).set(left)
      }
      kernels.averagePlanes(at(areas.image), channels, pixels, at(areas.grey))
    },
    specks(grid) {
      kernels.aboveMedian(at(areas.grey), height, width, at(areas.plane), at(areas.margin))
      return grid.rows === height && grid.columns === width
        ? answer(areas.plane, grid)
        : overCells('farthestInCells', areas.plane, grid)
    },
    spots(grid) {
      overCells('averageCells', areas.grey, grid)
      const { rows, columns } = grid
      kernels.aboveMedian(at(areas.cells), rows, columns, at(areas.plane), at(areas.margin))
      return answer(areas.plane, grid)
    },
    steps(grid) {
      kernels.measureSteps(at(areas.grey), height, width, at(areas.plane), at(areas.margin))
      return overCells('averageCells', areas.plane, grid)
    },
    grey: (grid) => overCells('averageCells', areas.grey, grid),
    channel: (channel, grid) => overCells('averageCells', areas.image + 4 * channel * pixels, grid),
  }
}

/** Where everything stands behind the start of the memory that is reserved. */
function layOutAreas(
  { channels, pixels, margin }: { readonly [name in 'channels' | 'pixels' | 'margin']: number },
  grids: readonly Grid[],
) {
  let bytes = 0
  const take = (size: number): number => {
    const from = bytes
    bytes += alignBytes(size + BEHIND)
    return from
  }
  const [image, grey, plane] = [channels, 1, 1].map((count) => take(4 * count * pixels))
  const cells = take(4 * Math.max(...grids.map(({ rows, columns }) => rows * columns)))
  const edges = new Map(
    grids.map((grid) => [grid, take(4 * (grid.top.length + grid.left.length))] as const),
  )
  return { image, grey, plane, cells, edges, margin: take(margin), bytes }
}
