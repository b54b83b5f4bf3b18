export {
  clopperPearsonInterval,
  type Interval,
  ratioOfMeans,
  wilsonInterval,
} from './confidence.ts'
export { columnEffects, type ColumnEffect, hedgesG } from './effect-size.ts'
export {
  kolmogorovSmirnovDistance,
  kolmogorovSmirnovTail,
  kolmogorovSmirnovTest,
} from './kolmogorov-smirnov.ts'
export { exceedanceChance, mannWhitneyTest } from './mann-whitney.ts'
export { bonferroni, holm, simes } from './multiple-testing.ts'
export { omnibusExact, type OmnibusExactOptions } from './omnibus/exact.ts'
export {
  extendFastOmnibus,
  type FastNull,
  type FastOmnibus,
  type FastOmnibusOptions,
  omnibusFast,
  prepareFastOmnibus,
} from './omnibus/fast.ts'
export type {
  OmnibusColumnResult,
  OmnibusGroup,
  OmnibusGroupKind,
  OmnibusGroupResult,
  OmnibusResult,
} from './omnibus/groups.ts'
export { type OmnibusReference, prepareOmnibusReference } from './omnibus/reference.ts'
export type { RowLabels } from './omnibus/subsets.ts'
export type { TestResult, TwoSampleTest } from './two-sample-test.ts'
