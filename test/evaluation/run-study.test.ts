import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { runStudy } from '../../evaluation/harness/run-study.ts'
import { fingerprint } from './fingerprint/made-fingerprint.ts'
import { squares } from './squares-invocation.ts'

const SQUARES = {
  squares: [
    [1, 1],
    [2, 4],
    [3, 9],
  ],
}

const figuresOf = async (...options: Parameters<typeof squares>): Promise<object> =>
  (await runStudy(await squares(...options))).figures

describe('runStudy', () => {
  let folder = ''
  let workPath = ''
  const diary = async (): Promise<string[]> =>
    (await readFile(process.env['SQUARES_DIARY'] ?? '', 'utf8')).trim().split('\n')

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixeldrift-study-'))
  })
  beforeEach(({ name }) => {
    workPath = join(folder, name.replaceAll(/\W/g, '-'))
    process.env['SQUARES_DIARY'] = `${workPath}.diary`
  })
  after(async () => {
    delete process.env['SQUARES_DIARY']
    await rm(folder, { recursive: true })
  })

  it('summarises the results of all cells in their order', async () => {
    assert.deepEqual(await figuresOf({ workPath }), SQUARES)
    assert.deepEqual(await diary(), ['1', '2', '3'])
  })

  it('runs again what finished before, unless it is to resume', async () => {
    await runStudy(await squares({ workPath }))
    assert.deepEqual(await figuresOf({ workPath, resume: true }), SQUARES)
    assert.deepEqual(await diary(), ['1', '2', '3'])
    await runStudy(await squares({ workPath }))
    assert.deepEqual(await diary(), ['1', '2', '3', '1', '2', '3'])
  })

  it('runs again what another product computed, unless the study does not depend on that part', async () => {
    await runStudy(await squares({ workPath }))
    const verdicts = fingerprint({ verdicts: [] })
    await figuresOf({ workPath, resume: true, fingerprint: verdicts })
    assert.deepEqual(await diary(), ['1', '2', '3'])
    const tests = fingerprint({ tests: 'another digest' })
    assert.deepEqual(await figuresOf({ workPath, resume: true, fingerprint: tests }), SQUARES)
    assert.deepEqual(await diary(), ['1', '2', '3', '1', '2', '3'])
    // The cells of both products are kept.
    await figuresOf({ workPath, resume: true, fingerprint: tests })
    assert.deepEqual(await diary(), ['1', '2', '3', '1', '2', '3'])
  })

  it('tells what was measured in this run and in the one it resumes', async () => {
    const failing = runStudy(await squares({ workPath, behaviour: 'throws' }))
    await assert.rejects(failing)
    const { provenance } = await runStudy(await squares({ workPath, resume: true }))
    const again = await runStudy(await squares({ workPath, resume: true }))
    assert.deepEqual(again.provenance, provenance)
    assert.equal(provenance.cells, 3)
    assert.ok(provenance.from < provenance.to)
    assert.deepEqual(provenance.fingerprint, fingerprint())
  })

  it('finishes the other cells when one throws, and says so at the end', async () => {
    const failing = runStudy(await squares({ workPath, behaviour: 'throws' }))
    await assert.rejects(failing, /1 of 3 cells failed/)
    assert.deepEqual(await diary(), ['1', '2', '3'])
    assert.deepEqual(await figuresOf({ workPath, resume: true }), SQUARES)
    assert.deepEqual(await diary(), ['1', '2', '3', '2'])
  })

  it('replaces a process that dies and goes on', async () => {
    const dying = runStudy(await squares({ workPath, behaviour: 'dies' }))
    await assert.rejects(dying, /1 of 3 cells failed/)
    assert.deepEqual(await diary(), ['1', '2', '3'])
  })

  it('stops in mid-cell when it is cancelled', async () => {
    const stop = new AbortController()
    const running = runStudy(await squares({ workPath, behaviour: 'is-slow', signal: stop.signal }))
    const rejected = assert.rejects(running, { code: 'cancelled' })
    await untilWritten(`${workPath}.diary`, '2')
    stop.abort()
    await rejected
    assert.deepEqual(await diary(), ['1', '2'])
  })

  it('goes on where a killed run was, even after a torn line', async () => {
    const script = fileURLToPath(new URL('run-squares.ts', import.meta.url))
    const first = spawn(process.execPath, [script, workPath, 'is-slow'], { stdio: 'ignore' })
    await untilWritten(`${workPath}.diary`, '2')
    await untilWritten(`${workPath}.jsonl`, '"square":1')
    first.kill('SIGKILL')
    await once(first, 'exit')
    await appendFile(`${workPath}.jsonl`, '{"key":"torn')
    assert.deepEqual(await figuresOf({ workPath, resume: true }), SQUARES)
    assert.deepEqual(await diary(), ['1', '2', '2', '3'])
  })
})

const POLL_MS = 20

/** Waits until a file contains a text. Looks again and again: a watcher misses what is written before it listens. */
async function untilWritten(path: string, text: string): Promise<void> {
  while (!(await readFile(path, 'utf8').catch(() => '')).includes(text)) await setTimeout(POLL_MS)
}
