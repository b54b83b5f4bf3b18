import type { Method } from '../method.ts'
import { ours, oursWithoutLabels } from './ours.ts'

/** Every method of the study, in the order of the tables. */
export const METHODS: readonly Method[] = [ours, oursWithoutLabels]
