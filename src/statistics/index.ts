export { omnibusExact, type OmnibusExactOptions } from './omnibus/exact.ts'
export type {
  OmnibusColumnResult,
  OmnibusGroup,
  OmnibusGroupKind,
  OmnibusGroupResult,
  OmnibusResult,
} from './omnibus/groups.ts'
export { type OmnibusReference, prepareOmnibusReference } from './omnibus/reference.ts'
export type { RowLabels } from './omnibus/subsets.ts'
