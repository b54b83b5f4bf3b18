import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatDuration, openProgress } from '../../evaluation/harness/progress.ts'

function record(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let text = ''
  const write = (part: string): boolean => {
    text += part
    return true
  }
  return { stream: { isTTY, write } as NodeJS.WriteStream, text: () => text }
}

describe('openProgress', () => {
  it('tells the time left from the pace of this run, not of cells finished earlier', () => {
    const { stream, text } = record(true)
    let now = 0
    const progress = openProgress({ total: 10, alreadyDone: 6, stream, clock: () => now })
    now = 30_000
    progress.advance('first')
    assert.match(text(), /7\/10, about 1 min 30 s left \(first\)$/)
  })

  it('writes whole lines at most every ten seconds where there is no terminal', () => {
    const { stream, text } = record(false)
    let now = 0
    const progress = openProgress({ total: 4, stream, clock: () => now })
    for (now of [1000, 2000, 12_000, 13_000]) progress.advance('x')
    assert.equal(text(), '1/4, about 3 s left (x)\n3/4, about 4 s left (x)\n4/4 (x)\n')
  })
})

describe('formatDuration', () => {
  it('uses two units at most', () => {
    assert.deepEqual([0.4, 59.4, 59.6, 185, 7800].map(formatDuration), [
      '0 s',
      '59 s',
      '1 min 0 s',
      '3 min 5 s',
      '2 h 10 min',
    ])
  })
})
