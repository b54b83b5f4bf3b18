import { FEATURE_GROUPS } from '../feature-groups.ts'

const TITLES = new Map(Object.entries(FEATURE_GROUPS).map(([name, { title }]) => [name, title]))

/** A family of features as a reader would call it. */
export function groupTitle(group: string): string {
  return TITLES.get(group) ?? group
}
