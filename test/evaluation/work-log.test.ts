import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { contentKey, openWorkLog } from '../../evaluation/harness/work-log.ts'

const entry = (key: string): { key: string; cell: object; result: number; seconds: number } => ({
  key,
  cell: { key },
  result: 1,
  seconds: 0.5,
})

describe('work log', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixeldrift-log-'))
  })
  after(async () => rm(folder, { recursive: true }))

  it('remembers what was appended', async () => {
    const path = join(folder, 'kept.jsonl')
    const log = await openWorkLog(path, { resume: true })
    await log.append(entry('a'))
    await log.append(entry('b'))
    const { finished } = await openWorkLog(path, { resume: true })
    assert.deepEqual([...finished.values()], [entry('a'), entry('b')])
  })

  it('drops a torn last line and appends after it on a line of its own', async () => {
    const path = join(folder, 'torn.jsonl')
    await writeFile(path, `${JSON.stringify(entry('a'))}\n`)
    await appendFile(path, '{"key":"b","cel')
    const log = await openWorkLog(path, { resume: true })
    assert.deepEqual([...log.finished.keys()], ['a'])
    await log.append(entry('c'))
    const { finished } = await openWorkLog(path, { resume: true })
    assert.deepEqual([...finished.keys()], ['a', 'c'])
  })

  it('moves an older log aside where it is not to be resumed', async () => {
    const path = join(folder, 'fresh.jsonl')
    await writeFile(path, `${JSON.stringify(entry('a'))}\n`)
    const { finished } = await openWorkLog(path, { resume: false })
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
