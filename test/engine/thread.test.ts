import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { endingThreads } from '../fixtures/ending-thread.ts'

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
})
