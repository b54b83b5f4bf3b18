import type { ProductPart } from '../fingerprint/fingerprint.ts'
import type { Subject } from './command.ts'
import type { OptionSchema, OptionValues } from './option-schema.ts'

/** What a running cell may use. */
export type CellContext = {
  /** Threads this cell may keep busy; the cores are shared out among the cells running at once. */
  readonly threads: number
  /** Changes with what the product measures of an image: names folders where features are kept. */
  readonly featuresId: string
  /** Writes a line for the person watching. */
  readonly log: (line: string) => void
}

/** A finished cell with what it found. */
export type Outcome<Cell, Result> = {
  readonly cell: Cell
  readonly result: Result
}

/**
 * A claim as a reproducible computation: cut into independent cells, run in any order and any
 * process, then summarised. A cell is plain JSON and holds everything its result depends on.
 */
export type Study<
  Schema extends OptionSchema = OptionSchema,
  Cell extends object = object,
  Result = unknown,
> = Subject<Schema> & {
  /**
   * Counts up when the study itself computes otherwise, so that its finished cells aren't reused; changes of the
   * product are noticed by its fingerprint.
   */
  readonly revision: number
  /** What of the product its figures depend on. Default: what judging a batch does. */
  readonly dependsOn?: readonly ProductPart[]
  /** Cells at once at most, for studies bound by memory or timing. Default: one per core. */
  readonly maximumWorkers?: number
  cells(options: OptionValues<Schema>): readonly Cell[]
  /** Runs in a child process; the result must survive JSON. */
  run(cell: Cell, context: CellContext): Promise<Result>
  /** Figures from all outcomes, in the order of the cells. */
  summarise(outcomes: readonly Outcome<Cell, Result>[], options: OptionValues<Schema>): object
}

/** Checks a study's types against each other and forgets them, so that studies can stand in one list. */
export function defineStudy<const Schema extends OptionSchema, Cell extends object, Result>(
  study: Study<Schema, Cell, Result>,
): Study {
  return study
}
