import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { createS3Client } from '../../src/storage/s3-client.ts'
import { bucketUrl, readS3Settings } from '../../src/storage/s3-settings.ts'
import { BUCKET, startS3Server } from './s3-server.ts'

const server = await startS3Server()
server.objects.set('a', Buffer.from('0123456789'))

const quick = { firstDelayMs: 1, timeoutMs: 50 }
const request = { key: 'a', headers: { range: 'bytes=2-4' }, mostBytes: 3, location: 's3://a' }

beforeEach(() => {
  server.requests.length = 0
  server.fault = () => undefined
})

describe('a client of S3', () => {
  it('reads a range, and no more than it asked for', async () => {
    const client = createS3Client(BUCKET, readS3Settings(), quick)
    assert.equal(Buffer.from((await client.ask(request)).body).toString(), '234')
    await assert.rejects(client.ask({ ...request, mostBytes: 2 }), { code: 'source.unreadable' })
  })

  it('gives up after eight tries, and says that it may go later', async () => {
    const client = createS3Client(BUCKET, readS3Settings(), quick)
    for (const fault of [{ status: 500 }, { status: 429 }, 'cut', 'hang'] as const) {
      server.requests.length = 0
      server.fault = () => fault
      const whole = { ...request, mostBytes: 1000 }
      await assert.rejects(client.ask(whole), { code: 'source.unreadable', retryable: true })
      assert.equal(server.requests.length, 8)
    }
  })

  it('follows no redirection', async () => {
    const client = createS3Client(BUCKET, readS3Settings(), quick)
    server.fault = () => ({ status: 307 })
    await assert.rejects(client.ask(request), { retryable: false })
    assert.equal(server.requests.length, 1)
  })

  it('says where nobody answers', async () => {
    const settings = { ...readS3Settings(), endpoint: 'http://127.0.0.1:9' }
    const client = createS3Client(BUCKET, settings, quick)
    await assert.rejects(client.ask(request), { message: /no answer from 127\.0\.0\.1:9/ })
  })
})

describe('settings of S3', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' }

  it('are those of the environment, the more special ones first', () => {
    const { region, endpoint, sessionToken } = readS3Settings({
      ...keys,
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'http://other',
      AWS_ENDPOINT_URL_S3: 'https://storage.googleapis.com/',
      AWS_SESSION_TOKEN: 't',
    })
    assert.deepEqual(
      [region, endpoint, sessionToken],
      ['eu-west-1', 'https://storage.googleapis.com', 't'],
    )
    assert.equal(readS3Settings({ ...keys, AWS_REGION: 'x', AWS_DEFAULT_REGION: 'y' }).region, 'x')
  })

  it('that are no address are refused', () => {
    for (const AWS_ENDPOINT_URL of ['localhost:9000', 'file:///x', 'http://h/?a=b']) {
      assert.throws(() => readS3Settings({ ...keys, AWS_ENDPOINT_URL }), { code: 'config.invalid' })
    }
  })

  it('name a bucket of AWS by its host, but for names that no certificate covers', () => {
    const settings = readS3Settings(keys)
    assert.equal(bucketUrl('photos', settings), 'https://photos.s3.us-east-1.amazonaws.com')
    assert.equal(bucketUrl('a.b', settings), 'https://s3.us-east-1.amazonaws.com/a.b')
    assert.equal(bucketUrl('a.b', { ...settings, endpoint: 'http://h/x' }), 'http://h/x/a.b')
  })
})
