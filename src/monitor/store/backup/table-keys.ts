import type { Tables } from '../tables.ts'

/** What tells the rows of each table apart, in the order in which they are copied. */
export const TABLE_KEYS: { readonly [name in keyof Tables]: readonly (keyof Tables[name])[] } = {
  detectors: ['id'],
  monitors: ['id'],
  images: ['number'],
  image_bytes: ['image'],
  thumbnails: ['image'],
  measured: ['image'],
  places: ['image'],
  skipped: ['image'],
  watches: ['monitor'],
  streams: ['monitor', 'source'],
  events: ['id'],
  windows: ['monitor', 'number'],
  alerts: ['id'],
  outbox: ['id'],
  leases: ['name'],
  tokens: ['id'],
  audit: ['id'],
  feed: ['id'],
  feed_ends: ['last'],
  ground_truth: ['monitor', 'prediction_id'],
  accuracy: ['monitor', 'source'],
  answers: ['monitor', 'day', 'source', 'predicted', 'actual'],
  guards: ['monitor', 'source'],
  periods: ['id'],
  jobs: ['id'],
}

/** Columns that the database itself counts. */
export const COUNTED = [
  ['images', 'number'],
  ['events', 'id'],
  ['audit', 'id'],
  ['periods', 'id'],
] as const
