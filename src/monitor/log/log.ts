/** How much a line matters. */
export type LogLevel = 'info' | 'warn' | 'error'

/** Where a service says what it does; facts are what a program reads of it. */
export type Log = (
  level: LogLevel,
  message: string,
  facts?: Readonly<Record<string, unknown>>,
) => void

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
