import { createRandom } from '../../src/tensor/index.ts'
import type { CellContext } from '../harness/study.ts'
import { CLEAN, drawWindow, type Protocol } from './draws.ts'
import { type GridName, GRIDS, type Shift } from './grids.ts'
import type { Method, WindowTest } from './method.ts'
import { METHODS } from './methods/registry.ts'
import { seedOf } from './seed-of.ts'
import { openSubject, type Subject } from './subject.ts'

/** One method on one shift of one shuffle: windows of several sizes. */
export type WindowCell = {
  readonly grid: GridName
  readonly method: string
  /** Of the method. */
  readonly revision: number
  readonly protocol: Protocol
  readonly shift: string
  readonly delta: number
  readonly seed: number
  /** Size of the reference and of the test set. */
  readonly images: number
  /** Draws of each window size. */
  readonly draws: readonly (readonly [size: number, draws: number])[]
}

/** The p-value of each draw, one list per entry of the cell's `draws`. */
export type WindowResult = readonly (readonly number[])[]

const prepared = new Map<string, WindowTest>()

/** Runs a cell; models and prepared tests are kept for the cells that follow in this process. */
export async function runWindowCell(cell: WindowCell, context: CellContext): Promise<WindowResult> {
  const { side } = GRIDS[cell.grid]
  const subject = await openSubject({ ...context, side, seed: cell.seed, images: cell.images })
  const method = methodOf(cell)
  const shift = shiftOf(cell)
  const material = await subject.material(shift, method.view)
  const test = await preparedTest(subject, method, cell)
  const { delta, protocol, seed } = cell
  return cell.draws.map(([size, draws]) =>
    Array.from({ length: draws }, (_, index) => {
      const options = { shift, delta, protocol, size, index, seed }
      return Number(test(drawWindow(material, subject.testLabels, options)).toPrecision(4))
    }),
  )
}

async function preparedTest(
  subject: Subject,
  method: Method,
  { grid, images, protocol, draws }: WindowCell,
): Promise<WindowTest> {
  const sizes = draws.map(([size]) => size)
  const key = JSON.stringify([GRIDS[grid].side, images, subject.seed, method.name, protocol, sizes])
  const known = prepared.get(key)
  if (known !== undefined) return known
  const { reference } = await subject.material(CLEAN, method.view)
  const random = createRandom(seedOf('prepare', subject.seed, method.name, protocol))
  const test = method.prepare({ columns: subject.columns, reference, protocol, sizes, random })
  prepared.set(key, test)
  return test
}

function methodOf({ method }: WindowCell): Method {
  const found = METHODS.find(({ name }) => name === method)
  if (found === undefined) throw new RangeError(`expected a known method, got ${method}`)
  return found
}

function shiftOf({ grid, shift }: WindowCell): Shift {
  const found = [CLEAN, ...GRIDS[grid].shifts].find(({ name }) => name === shift)
  if (found === undefined) throw new RangeError(`expected a shift of ${grid}, got ${shift}`)
  return found
}
