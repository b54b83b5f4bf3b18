export type { FeatureColumn, FeatureGroup, FeatureTable, Representation } from './representation.ts'
