import { DriftError } from '../errors.ts'

/** Where a bucket is asked for, and as whom. */
export type S3Settings = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
  readonly region: string
  /** Of another service than AWS; without a slash at its end. */
  readonly endpoint: string | undefined
}

/** The settings that the AWS tools take from the environment. */
export function readS3Settings(env: NodeJS.ProcessEnv = process.env): S3Settings {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (!accessKeyId || !secretAccessKey) {
    const missing = accessKeyId ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID'
    throw new DriftError(
      'config.invalid',
      `expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment for s3://, got no ${missing}`,
      {
        hint: 'Where the AWS command has them: eval "$(aws configure export-credentials --format env)"',
      },
    )
  }
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: env['AWS_SESSION_TOKEN'] || undefined,
    region: env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1',
    endpoint: readEndpoint(env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || undefined),
  }
}

function readEndpoint(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.search + url.hash === '') {
    return text.replace(/\/+$/, '')
  }
  throw new DriftError(
    'config.invalid',
    `expected a URL such as https://storage.googleapis.com in AWS_ENDPOINT_URL, got ${JSON.stringify(text)}`,
  )
}

/** The address of a bucket, without a slash at its end. */
export function bucketUrl(bucket: string, { endpoint, region }: S3Settings): string {
  if (endpoint !== undefined) return `${endpoint}/${bucket}`
  // A certificate for *.s3.… covers no name with further dots.
  return /^[a-z0-9-]+$/.test(bucket)
    ? `https://${bucket}.s3.${region}.amazonaws.com`
    : `https://s3.${region}.amazonaws.com/${bucket}`
}
