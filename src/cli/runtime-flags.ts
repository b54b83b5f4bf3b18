import type { LoadOptions } from '../detector/index.ts'

/** Flags that say where and how to run what a detector learned. */
export type RuntimeFlags = {
  readonly threads?: number | undefined
  readonly device?: NonNullable<LoadOptions['device']> | undefined
}

/** Of all flags, those. */
export function runtimeOptions({ threads, device }: RuntimeFlags): LoadOptions {
  return { threads, device }
}
