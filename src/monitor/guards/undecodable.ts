import type { Guard } from './guard.ts'

/** Images that can't be read. */
export const undecodable: Guard = {
  name: 'undecodable',
  raisedFrom: 0.2,
  overBelow: 0.1,
  prepare:
    () =>
    ({ arrivals, unread }) => ({
      share: unread / Math.max(1, arrivals),
      summary: `${unread} of the last ${arrivals} images can’t be read.`,
    }),
}
