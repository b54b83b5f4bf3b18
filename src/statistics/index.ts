export { type ColumnEffect, columnEffects } from './column-effects.ts'
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
