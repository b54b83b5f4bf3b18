import { DriftError } from '../errors.ts'

/** A bucket, and in it an object or what the names of several begin with. */
export type BucketLocation = { readonly bucket: string; readonly key: string }

/** True for what begins with `s3://`: what lies there is asked for over the network. */
export function isBucketLocation(location: string): boolean {
  return /^s3:\/\//i.test(location)
}

/** The parts of `s3://bucket/key`; the key stands as it is, not as in a URL. */
export function parseBucketLocation(location: string): BucketLocation {
  const [, bucket, key = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/is.exec(location) ?? []
  if (bucket !== undefined && /^[a-z0-9][a-z0-9._-]{1,253}$/i.test(bucket)) return { bucket, key }
  throw new DriftError(
    'config.invalid',
    `expected s3://bucket/prefix, got ${JSON.stringify(location)}`,
  )
}

/** True for a key that no URL can name: `.` and `..` between slashes lead elsewhere there. */
export function isUnnameable(key: string): boolean {
  return key.split('/').some((part) => part === '.' || part === '..')
}
