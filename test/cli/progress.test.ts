import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { showFitProgress } from '../../src/cli/fit-progress.ts'
import { createProgressLine, createRate, formatDuration } from '../../src/cli/progress.ts'

const CLEAR = '\r\u001B[2K'

/** A terminal that remembers what was written, and a clock that is set by hand. */
function terminal(columns?: number) {
  const written: string[] = []
  const target = {
    isTTY: true,
    ...(columns !== undefined && { columns }),
    write: (text: string) => written.push(text),
  }
  const clock = { time: 0 }
  return { written, target, clock, now: () => clock.time }
}

describe('progress line', () => {
  it('replaces itself, at most ten times a second', () => {
    const { written, target, clock, now } = terminal()
    const line = createProgressLine(target, now)
    for (clock.time = 0; clock.time <= 250; clock.time += 50) line.update(`at ${clock.time}`)
    line.clear()
    assert.deepEqual(written, [`${CLEAR}at 0`, `${CLEAR}at 100`, `${CLEAR}at 200`, CLEAR])
  })

  it('is cut to the width of the terminal, or 80 columns where that is unknown', () => {
    for (const [columns, length] of [
      [20, 19],
      [0, 79],
      [undefined, 79],
    ] as const) {
      const { written, target, now } = terminal(columns)
      createProgressLine(target, now).update('x'.repeat(200))
      assert.equal(written[0], CLEAR + 'x'.repeat(length))
    }
  })

  it('writes nothing into a pipe', () => {
    const { written, target, now } = terminal()
    const line = createProgressLine({ ...target, isTTY: false }, now)
    line.update('reading')
    line.clear()
    assert.deepEqual(written, [])
  })
})

describe('progress of a fit', () => {
  it('names the stage, its share, the losses, the speed and the time left', () => {
    const { written, target, clock, now } = terminal(120)
    const show = showFitProgress(createProgressLine(target, now), now)
    show({ stage: 'reading', done: 256, total: 0 })
    clock.time = 1000
    show({ stage: 'training', done: 0, total: 9000, epoch: 1, epochs: 3 })
    clock.time = 3000
    const losses = { trainingLoss: 0.25, validationLoss: 0.5 }
    show({ stage: 'training', done: 2000, total: 9000, epoch: 1, epochs: 3, ...losses })
    clock.time = 4000
    show({ stage: 'measuring', done: 10, total: 20 })
    assert.deepEqual(
      written.map((text) => text.replace(CLEAR, '')),
      [
        'reading 256 images',
        'training 0% · epoch 1 of 3',
        'training 22% · epoch 1 of 3 · loss 0.2500 · validation 0.5000 · 1000 images/s, 7 s left',
        'measuring the held-out reference 10 of 20',
      ],
    )
  })
})

describe('rate', () => {
  it('is measured anew for each stage and silent for the first half second', () => {
    const clock = { time: 0 }
    const rate = createRate(() => clock.time)
    assert.equal(rate('reading', 100, 0), '')
    clock.time = 400
    assert.equal(rate('reading', 200, 0), '')
    clock.time = 1000
    assert.equal(rate('reading', 300, 0), '200 images/s')
    assert.equal(rate('training', 0, 500), '')
    clock.time = 2000
    assert.equal(rate('training', 100, 500), '100 images/s, 4 s left')
  })
})

describe('durations', () => {
  it('are given in the two largest units that matter', () => {
    assert.deepEqual([0, 12_400, 59_600, 200_000, 3_900_000].map(formatDuration), [
      '0 s',
      '12 s',
      '1 min 0 s',
      '3 min 20 s',
      '1 h 5 min',
    ])
  })
})
