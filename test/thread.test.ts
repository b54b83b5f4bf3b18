import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { serveThread } from '../src/thread.ts'
import { openFixtureThread } from './fixtures/open-fixture-thread.ts'
import { startedThreads } from './fixtures/started-threads.ts'

describe('a thread', () => {
  it('answers one question after the other', async () => {
    const thread = await openFixtureThread('ending-thread')
    assert.equal(await thread.ask(4), 8)
    assert.equal(await thread.ask(5), 10)
    await thread.close()
  })

  it('passes on why it failed', async () => {
    const thread = await openFixtureThread('ending-thread')
    await assert.rejects(thread.ask(13), /expected another number, got 13/)
    await thread.close()
  })

  it('does not leave a question open when it ends', async () => {
    const thread = await openFixtureThread('ending-thread')
    await assert.rejects(thread.ask(0), /got the thread's end \(3\)/)
    await thread.close()
  })

  it('refuses questions after it was closed or ended, and closing it again is harmless', async () => {
    const refused = { name: 'DriftError', code: 'resource.closed' }
    const closed = await openFixtureThread('ending-thread')
    await closed.close()
    await closed.close()
    await assert.rejects(closed.ask(4), refused)
    const ended = await openFixtureThread('ending-thread')
    await assert.rejects(ended.ask(0))
    await assert.rejects(ended.ask(4), refused)
  })

  it('is one for each time it is opened', async () => {
    const { started, result } = await startedThreads(async () =>
      Promise.all([openFixtureThread('ending-thread'), openFixtureThread('ending-thread')]),
    )
    assert.equal(started, 2)
    await Promise.all(result.map((thread) => thread.close()))
  })

  it('does not keep the process alive while it is idle, and does while it is asked', async () => {
    const script = fileURLToPath(new URL('./fixtures/idle-thread.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 })
    assert.equal(stdout, '42')
  })

  it('is served by the module of a thread, and by nothing on the main thread', async () => {
    await assert.rejects(openFixtureThread('silent-thread'), /got the thread's end \(0\)/)
    await assert.rejects(
      serveThread(async () => assert.fail('this is the main thread')),
      /expected to run in a thread/,
    )
  })

  it('does not leave the opening open when the module fails', async () => {
    await assert.rejects(openFixtureThread('broken-thread'), /no such luck/)
  })
})
