import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { threadKind } from '../../src/engine/index.ts'
import { endingThreads } from '../fixtures/ending-thread.ts'
import { startedThreads } from '../fixtures/started-threads.ts'

describe('a thread', () => {
  it('answers one question after the other', async () => {
    const thread = await endingThreads.open(null)
    assert.equal(await thread.ask(4), 8)
    assert.equal(await thread.ask(5), 10)
    await thread.close()
  })

  it('passes on why it failed', async () => {
    const thread = await endingThreads.open(null)
    await assert.rejects(thread.ask(13), /expected another number, got 13/)
    await thread.close()
  })

  it('does not leave a question open when it ends', async () => {
    const thread = await endingThreads.open(null)
    await assert.rejects(thread.ask(0), /got the thread's end \(3\)/)
    await thread.close()
  })

  it('refuses questions after it was closed or ended, and closing it again is harmless', async () => {
    const refused = { name: 'DriftError', code: 'resource.closed' }
    const closed = await endingThreads.open(null)
    await closed.close()
    await closed.close()
    await assert.rejects(closed.ask(4), refused)
    const ended = await endingThreads.open(null)
    await assert.rejects(ended.ask(0))
    await assert.rejects(ended.ask(4), refused)
  })

  it('is one for each time it is opened', async () => {
    const { started, result } = await startedThreads(async () =>
      Promise.all([endingThreads.open(null), endingThreads.open(null)]),
    )
    assert.equal(started, 2)
    await Promise.all(result.map((thread) => thread.close()))
  })

  it('does not keep the process alive while it is idle, and does while it is asked', async () => {
    const script = fileURLToPath(new URL('../fixtures/idle-thread.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 })
    assert.equal(stdout, '42')
  })

  it('serves no other kind than its own, and nothing on the main thread', async () => {
    const other = threadKind<null, number, number>(
      'other',
      new URL('../fixtures/ending-thread.ts', import.meta.url).href,
    )
    await assert.rejects(other.open(null), /got the thread's end \(0\)/)
    other.serve(async () => assert.fail('this is the main thread'))
  })

  it('does not leave the opening open when the module fails', async () => {
    const broken = threadKind<null, number, number>(
      'broken',
      'data:text/javascript,throw new Error("no such luck")',
    )
    await assert.rejects(broken.open(null), /no such luck/)
  })
})
