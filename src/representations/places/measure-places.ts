import type { ImageShape } from '../../images/index.ts'
import { type Grid, gridOver } from './grid.ts'
import type { PlaceMap } from './place-map.ts'
import { createPlanes, type Planes } from './planes.ts'

/** Measures the maps of single images. */
export type PlaceMeasure = {
  readonly maps: readonly PlaceMap[]
  /** Writes all maps of a C×H×W image in [0, 1], one after the other. */
  readonly measure: (image: Float32Array, target: Float32Array) => void
}

/** Cells of the finest grid, the middle one and the coarsest: either way at most, and pixels of one at least. */
const FINE = { most: 32, smallest: 1 }
const MIDDLE = { most: 16, smallest: 2 }
const COARSE = { most: 8, smallest: 4 }

/** Added to what is divided by, so that blank images stay near 0: half a grey level, and five. */
const FAINT_STEP = 0.002
const FAINT_SPREAD = 0.02
/** Share of an image's mean step that is added to each cell's, so that a blank cell has a logarithm. */
const QUIET_SHARE = 0.1

/**
 * What is at each place of an image, freed as far as it goes of what the image shows: fine specks, coarser spots, how
 * much detail there is, how bright it is, and what colour. Means over many images show what is always at one place.
 */
export function placeMeasureFor(shape: ImageShape): PlaceMeasure {
  const [fine, middle, coarse] = [FINE, MIDDLE, COARSE].map((cells) => gridOver(shape, cells))
  const layers: readonly Layer[] = [
    {
      map: mapOver(fine, 'specks', 'brightness against the pixels around it'),
      write: (planes, target) => target.set(planes.specks(fine)),
    },
    {
      map: mapOver(middle, 'spots', 'brightness against its surroundings, a few pixels wide'),
      write: (planes, target) => target.set(planes.spots(middle)),
    },
    {
      map: mapOver(coarse, 'detail', 'detail against the image as a whole'),
      write: (planes, target) => writeDetail(planes.steps(coarse), target),
    },
    {
      map: mapOver(coarse, 'light', 'brightness against the image as a whole'),
      write: (planes, target) => writeLight(planes.grey(coarse), target),
    },
    ...tints(shape, coarse),
  ]
  const planes = createPlanes(shape, [fine, middle, coarse])
  return {
    maps: layers.map(({ map }) => map),
    measure: (image, target) => {
      planes.load(image)
      let at = 0
      for (const { map, write } of layers) {
        const size = map.rows * map.columns
        write(planes, target.subarray(at, at + size))
        at += size
      }
    },
  }
}

/** One map and how it is written. */
type Layer = {
  readonly map: PlaceMap
  readonly write: (planes: Planes, target: Float32Array) => void
}

// oxlint-disable-next-line eslint/max-params -- three values
function mapOver({ rows, columns }: Grid, name: string, title: string): PlaceMap {
  return { name, title, rows, columns }
}

function writeDetail(steps: Float32Array, target: Float32Array): void {
  const mean = meanOf(steps) + FAINT_STEP
  for (let i = 0; i < target.length; i++) {
    target[i] = Math.log((steps[i] + QUIET_SHARE * mean) / mean)
  }
}

function writeLight(cells: Float32Array, target: Float32Array): void {
  const mean = meanOf(cells)
  let squares = 0
  for (let i = 0; i < cells.length; i++) squares += (cells[i] - mean) ** 2
  const spread = Math.sqrt(squares / cells.length) + FAINT_SPREAD
  for (let i = 0; i < target.length; i++) target[i] = (cells[i] - mean) / spread
}

/** Every channel against the middle one: red and blue against green. */
function tints({ channels }: ImageShape, grid: Grid): Layer[] {
  const middle = channels >> 1
  const colours = channels === 3 ? ['red', 'green', 'blue'] : undefined
  const named = (channel: number): string => colours?.[channel] ?? `channel ${channel + 1}`
  const others = Array.from({ length: channels }, (_, c) => c).filter((c) => c !== middle)
  return others.map((channel) => ({
    map: mapOver(
      grid,
      `tint-${colours?.[channel] ?? channel + 1}`,
      `${named(channel)} against ${named(middle)}`,
    ),
    write(planes, target) {
      target.set(planes.channel(channel, grid))
      const against = planes.channel(middle, grid)
      for (let i = 0; i < target.length; i++) target[i] -= against[i]
      const mean = meanOf(target)
      for (let i = 0; i < target.length; i++) target[i] -= mean
    },
  }))
}

function meanOf(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}
