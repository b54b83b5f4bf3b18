import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  contentKey,
  type LogEntry,
  openWorkLog,
  type WorkLog,
} from '../../evaluation/harness/work-log.ts'
import { changedParts } from '../../evaluation/fingerprint/changed-parts.ts'
import { fingerprintId } from '../../evaluation/fingerprint/fingerprint.ts'
import { fingerprint } from './fingerprint/made-fingerprint.ts'

const entry = (key: string): Omit<LogEntry, 'product'> => ({
  key,
  cell: { key },
  result: 1,
  origin: { date: '2026-11-26T00:00:00.000Z', seconds: 0.5, commit: 'abc' },
})

const open = (path: string, resume: boolean, product = fingerprint()): Promise<WorkLog> =>
  openWorkLog(path, {
    resume,
    fingerprint: product,
    isSame: (older) => changedParts(older, product).length === 0,
  })

describe('work log', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixeldrift-log-'))
  })
  after(async () => rm(folder, { recursive: true }))

  it('remembers what was appended', async () => {
    const path = join(folder, 'kept.jsonl')
    const log = await open(path, true)
    await log.append(entry('a'))
    await log.append(entry('b'))
    const { finished } = await open(path, true)
    const product = fingerprintId(fingerprint())
    assert.deepEqual(
      [...finished.values()],
      [
        { ...entry('a'), product },
        { ...entry('b'), product },
      ],
    )
  })

  it('refuses cells of another product, and keeps them for when it comes back', async () => {
    const path = join(folder, 'products.jsonl')
    const other = fingerprint({ tests: 'another digest' })
    await (await open(path, true)).append(entry('a'))
    const log = await open(path, true, other)
    assert.deepEqual([log.finished.size, log.refused], [0, 1])
    await log.append({ ...entry('a'), result: 2 })
    assert.equal((await open(path, true, other)).finished.get('a')?.result, 2)
    assert.equal((await open(path, true)).finished.get('a')?.result, 1)
  })

  it('refuses cells that do not say by which product they were computed', async () => {
    const path = join(folder, 'old.jsonl')
    await writeFile(path, `${JSON.stringify({ key: 'a', cell: {}, result: 1, seconds: 1 })}\n`)
    const { finished, refused } = await open(path, true)
    assert.deepEqual([finished.size, refused], [0, 1])
  })

  it('drops a torn last line and appends after it on a line of its own', async () => {
    const path = join(folder, 'torn.jsonl')
    await (await open(path, false)).append(entry('a'))
    await appendFile(path, '{"key":"b","cel')
    const log = await open(path, true)
    assert.deepEqual([...log.finished.keys()], ['a'])
    await log.append(entry('c'))
    const { finished } = await open(path, true)
    assert.deepEqual([...finished.keys()], ['a', 'c'])
  })

  it('moves an older log aside where it is not to be resumed', async () => {
    const path = join(folder, 'fresh.jsonl')
    await writeFile(path, `${JSON.stringify(entry('a'))}\n`)
    const { finished } = await open(path, false)
    assert.equal(finished.size, 0)
    assert.match(await readFile(`${path}.previous`, 'utf8'), /"key":"a"/)
  })
})

describe('contentKey', () => {
  it('is the same whatever the order of the keys, at any depth', () => {
    assert.equal(
      contentKey({ a: 1, b: { c: [1, 2], d: 3 } }),
      contentKey({ b: { d: 3, c: [1, 2] }, a: 1 }),
    )
  })

  it('differs where a value or the order of a list differs', () => {
    const keys = [{ a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { b: 1 }].map(contentKey)
    assert.equal(new Set(keys).size, 5)
  })
})
