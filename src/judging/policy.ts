/** How a verdict is decided. */
export type Policy =
  | {
      /** By the p-value of the window test. */
      readonly kind: 'false-alarm-rate'
      /** Share of clean batches that may alarm; more than 0, less than 0.5. */
      readonly rate: number
    }
  | {
      /** By the published rule: the mean reconstruction loss against the baseline's, one-sided. */
      readonly kind: 'relative'
      /** Rise of the mean loss from which on to alarm, as a share of the baseline's (0.1 is 10%); more than 0. */
      readonly increase: number
    }

/** Fewer images than this are not tested. */
export const FEWEST_IN_BATCH = 5
