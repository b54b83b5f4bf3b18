import type { FeatureColumn } from '../representation.ts'

/** A column of the group `property`. */
export function property(name: string, title: string): FeatureColumn {
  return { name, group: 'property', title }
}
