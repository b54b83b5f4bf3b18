/** The level that power is reported at, as papers do. */
export const LEVEL = 0.05
