import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { pythonOf } from '../../bench/harness/peers.ts'

const KEYS = { accessKeyId: 'key', secretAccessKey: 'secret' }

/** A running S3 server with one bucket. */
export type S3Place = {
  /** What the product reads of the environment. */
  readonly env: Readonly<Record<string, string>>
  readonly bucket: string
  put(key: string, bytes: Uint8Array): Promise<void>
  stop(): Promise<void>
}

/** Starts SeaweedFS with its data in a folder. */
export async function startSeaweedFs(folder: string): Promise<S3Place> {
  const [s3, master, volume, filer] = await freePorts(4)
  const { accessKeyId: accessKey, secretAccessKey: secretKey } = KEYS
  const actions = ['Admin', 'Read', 'Write', 'List']
  const identity = { name: 'study', credentials: [{ accessKey, secretKey }], actions }
  const config = join(folder, 's3.json')
  await writeFile(config, JSON.stringify({ identities: [identity] }))
  const server = spawn(
    join(dirname(pythonOf('seaweedfs')), 'weed'),
    [
      'server',
      `-dir=${folder}`,
      '-ip=127.0.0.1',
      '-s3',
      `-s3.config=${config}`,
      ...portFlags({ s3, master, volume, filer }),
      '-s3.port.iceberg=0',
      '-s3.port.lance=0',
      '-volume.max=10',
      '-master.volumeSizeLimitMB=256',
    ],
    { stdio: 'ignore' },
  )
  const endpoint = `http://127.0.0.1:${s3}`
  const client = new AwsClient({ ...KEYS, region: 'us-east-1', service: 's3' })
  const bucket = 'pictures'
  await untilReady(
    server,
    async () => (await client.fetch(`${endpoint}/${bucket}`, { method: 'PUT' })).ok,
  )
  return {
    bucket,
    env: {
      AWS_ACCESS_KEY_ID: accessKey,
      AWS_SECRET_ACCESS_KEY: secretKey,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
    },
    put: async (key, bytes) => {
      const path = key.split('/').map(encodeURIComponent).join('/')
      const body = new Uint8Array(bytes)
      const answer = await client.fetch(`${endpoint}/${bucket}/${path}`, { method: 'PUT', body })
      if (!answer.ok) throw new Error(`${key} was not taken: ${await answer.text()}`)
    },
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await Promise.race([ended, setTimeout(5000).then(() => server.kill('SIGKILL'))])
    },
  }
}

function portFlags(ports: Readonly<Record<string, number>>): string[] {
  return Object.entries(ports).flatMap(([name, port]) => [
    `-${name}.port=${port}`,
    `-${name}.port.grpc=${port + 10_000}`,
  ])
}

/** Ports below 50,000, as the server adds 10,000 to each. */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  for (let port = 20_000 + (process.pid % 10_000); ports.length < count; port++) {
    if (await isFree(port)) ports.push(port)
  }
  return ports
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

const MOST_SECONDS = 60

async function untilReady(server: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
  for (let second = 0; ; second++) {
    if (await isReady().catch(() => false)) return
    if (second === MOST_SECONDS || server.exitCode !== null)
      throw new Error('the server does not answer')
    await setTimeout(1000)
  }
}
