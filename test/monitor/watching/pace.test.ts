import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openPace } from '../../../src/monitor/watching/pace.ts'

/** Beyond what a test may take. */
const NEVER_MS = 3_600_000

describe('the pace of steps', () => {
  it('lets the first begin at once, the next one only later, and nobody wait for the end', async () => {
    const stopping = new AbortController()
    const pace = openPace(stopping.signal, NEVER_MS)
    await pace.due()
    pace.took({ isFull: false })
    let isDue = false
    const next = pace.due().then(() => (isDue = true))
    await new Promise(setImmediate)
    assert.equal(isDue, false)
    stopping.abort()
    await next
  })

  it('does not hold back while more waits than fits into one', async () => {
    const stopping = new AbortController()
    const pace = openPace(stopping.signal, NEVER_MS)
    for (let step = 0; step < 3; step++) {
      await pace.due()
      pace.took({ isFull: true })
    }
    stopping.abort()
  })
})
