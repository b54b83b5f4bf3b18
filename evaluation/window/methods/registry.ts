import type { Method } from '../method.ts'
import { classifierTwoSample } from './classifier-two-sample.ts'
import { frechet } from './frechet.ts'
import { ksCode, ksColumns, ksComponents, ksSoftmax } from './kolmogorov-smirnov.ts'
import { mmd, mmdAggregated, mmdWideBandwidth } from './maximum-mean-discrepancy.ts'
import { ours, oursWithoutLabels } from './ours.ts'
import { relativeLoss } from './relative-loss.ts'

/** Every method of the study, in the order of the tables. */
export const METHODS: readonly Method[] = [
  ours,
  oursWithoutLabels,
  ksColumns,
  relativeLoss,
  ksSoftmax,
  ksComponents,
  ksCode,
  classifierTwoSample,
  frechet,
  mmd,
  mmdWideBandwidth,
  mmdAggregated,
]
