import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { patternOf } from '../../../src/judging/repeats/repeat-pattern.ts'

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

/** Images that came once. */
const single = (count: number) => times(count, (i) => 1000 + i)

describe('what images repeat', () => {
  it('is one image where more than half of them are it', () => {
    const frozen = [...times(51, () => 7), ...single(49)]
    assert.deepEqual(patternOf(frozen), { kind: 'frozen', images: 51, different: 50 })
    const scattered = times(100, (i) => (i % 10 === 3 ? 1000 + i : 7))
    assert.deepEqual(patternOf(scattered), { kind: 'frozen', images: 90, different: 11 })
    assert.deepEqual(patternOf([7, 7]), { kind: 'frozen', images: 2, different: 1 })
  })

  it('is one image too where it follows itself ten times', () => {
    const stood = (count: number) =>
      patternOf([...single(60), ...times(count, () => 7), ...times(20, (i) => 2000 + i)])
    assert.deepEqual(stood(10), { kind: 'frozen', images: 10, different: 81 })
    assert.deepEqual(stood(9), { kind: 'some', images: 8, different: 81 })
    // Ten here and there are no stretch.
    const apart = [...times(20, (i) => (i % 2 === 0 ? 7 : 100 + i)), ...single(60)]
    assert.deepEqual(patternOf(apart), { kind: 'some', images: 9, different: 71 })
  })

  it('is a loop where a few come in turn three times, of any number, and for a start in its middle', () => {
    assert.deepEqual(patternOf(times(99, (i) => i % 3)), { kind: 'loop', images: 99, different: 3 })
    assert.deepEqual(patternOf(times(100, (i) => (i + 2) % 7)), {
      kind: 'loop',
      images: 100,
      different: 7,
    })
    // Of two images one comes once more: more than half, and still a loop.
    assert.deepEqual(patternOf(times(11, (i) => i % 2)), { kind: 'loop', images: 11, different: 2 })
    assert.deepEqual(patternOf(times(30, (i) => i % 10)), {
      kind: 'loop',
      images: 30,
      different: 10,
    })
    assert.equal(patternOf(times(29, (i) => i % 10)).kind, 'some')
  })

  it('is a loop although some images are others', () => {
    const loop = times(100, (i) => (i === 50 ? 1000 : i % 4))
    assert.deepEqual(patternOf(loop), { kind: 'loop', images: 99, different: 4 })
    const spoilt = times(100, (i) => (i % 12 === 5 ? 1000 + i : i % 4))
    assert.notEqual(patternOf(spoilt).kind, 'loop')
  })

  it('is every image so many times, in any order', () => {
    const twice = { kind: 'each', images: 40, different: 20, times: 2 }
    assert.deepEqual(patternOf(times(40, (i) => i >> 1)), twice)
    assert.deepEqual(patternOf(times(40, (i) => i % 20)), twice)
    assert.deepEqual(patternOf(times(60, (i) => Math.floor(i / 3))), {
      kind: 'each',
      images: 60,
      different: 20,
      times: 3,
    })
    // One in forty may be on its own.
    assert.deepEqual(patternOf([...times(40, (i) => i >> 1), 99]), twice)
    assert.equal(patternOf([...times(40, (i) => i >> 1), 97, 98, 99]).kind, 'some')
  })

  it('is some images else, those beyond the first of each', () => {
    assert.deepEqual(patternOf([1, 2, 1, 3, 3, 3, 4, 5, 6]), {
      kind: 'some',
      images: 3,
      different: 6,
    })
  })
})
