export { inWindows } from './byte-windows.ts'
export { openBucket, type Bucket, type StoredObject } from './s3-bucket.ts'
export { isBucketLocation } from './s3-location.ts'
export { fileBytes, type StoredBytes } from './stored-bytes.ts'
