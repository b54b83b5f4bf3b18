import type { Change } from './change.ts'
import { LENS_CHANGES } from './lens-changes.ts'
import { MILD_CHANGES } from './mild-changes.ts'

/** Slight changes of photographs that no feature was made for. */
export const PHOTOGRAPH_CHANGES: readonly Change[] = [...MILD_CHANGES, ...LENS_CHANGES]
