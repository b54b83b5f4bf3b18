export { GUARD_NAMES, GUARD_TITLES, type GuardName } from './guard.ts'
export {
  createGuards,
  type Guards,
  type GuardState,
  type GuardTurn,
  NO_GUARD_STATE,
} from './watch-guards.ts'
