/** States of SQL (PostgreSQL) in which the same may work later: no connection, no room, shutting down, in conflict, forgotten. */
const PASSING_STATES = /^(?:08|53|57P|40|55P03|25P03)/
/** Of the connection to it. */
const PASSING_ERRORS = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/
/** Busy, locked, an error of the disk, and a full one (SQLite). */
const PASSING_RESULTS = new Set([5, 6, 10, 13])

/** What the driver says without a code. */
const PASSING_MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client (?:has encountered a connection error|was closed))/

/** Whether a database failed for now, and not over what it was asked. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '', errcode } = error as Error & { code?: string; errcode?: number }
  if (errcode !== undefined) return PASSING_RESULTS.has(errcode & 0xff)
  if (PASSING_STATES.test(code) || PASSING_ERRORS.test(code)) return true
  return PASSING_MESSAGES.test(error.message)
}
