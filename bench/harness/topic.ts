import type { Subject } from '../../evaluation/harness/command.ts'
import type { OptionSchema, OptionValues } from '../../evaluation/harness/option-schema.ts'

/** What a running benchmark may use. */
export type BenchContext = {
  /** Writes a line for the person watching. */
  readonly log: (line: string) => void
  readonly signal: AbortSignal
}

/** Something measured against peers or against a limit, in one run on one machine. */
export type Topic<Schema extends OptionSchema = OptionSchema> = Subject<Schema> & {
  run(options: OptionValues<Schema>, context: BenchContext): Promise<object>
}

/** Checks a topic's types against each other and forgets them, so that topics can stand in one list. */
export function defineTopic<const Schema extends OptionSchema>(topic: Topic<Schema>): Topic {
  return topic
}
