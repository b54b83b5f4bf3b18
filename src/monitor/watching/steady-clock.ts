/** Tells since when a clock runs steadily: neither backwards, nor by more than a limit between two looks. */
export type SteadyClock = (now: number, limitMs: number) => number

/** One that was not looked at before; it runs steadily since the first look. */
export function openSteadyClock(): SteadyClock {
  let last: number | undefined
  let since = 0
  return (now, limitMs) => {
    if (last === undefined || now < last || now - last > limitMs) since = now
    last = now
    return since
  }
}
