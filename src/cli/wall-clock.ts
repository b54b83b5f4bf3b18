/**
 * The time that files and verdicts carry: the system's, or SOURCE_DATE_EPOCH (seconds since 1970, reproducible-builds.org)
 * where that is set, so that the same command writes the same file again.
 */
export function wallClock({ SOURCE_DATE_EPOCH: fixed }: NodeJS.ProcessEnv): () => Date {
  return fixed !== undefined && /^\d{1,12}$/.test(fixed)
    ? () => new Date(1000 * Number(fixed))
    : () => new Date()
}
