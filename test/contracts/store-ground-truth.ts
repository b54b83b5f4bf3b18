import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { GroundTruth, Store } from '../../src/monitor/store/index.ts'
import { leaveOutFirst } from '../fixtures/leave-out.ts'

/** Of the contract of a store the part about true classes. */
export function describeGroundTruth(
  given: () => { readonly store: Store; readonly m: string },
): void {
  describe('true classes', () => {
    let store: Store
    let m = ''
    beforeEach(() => {
      ;({ store, m } = given())
    })
    const truth = (predictionId: string, more: Partial<GroundTruth> = {}): GroundTruth => ({
      predictionId,
      label: 'cat',
      saidAt: 5,
      counted: null,
      ...more,
    })
    const imageOf = (predictionId: string) => ({
      monitor: m,
      predictionId,
      digest: 'd',
      source: 'left',
      takenAt: '2026-11-26T12:00:00.000Z',
      facts: '{"prediction":"dog"}',
      receivedAt: 7,
      bytes: Uint8Array.of(1),
    })
    const counted = {
      image: 3,
      predicted: 'dog',
      source: 'left',
      day: 1000,
      number: 1,
      numberOfSource: 2,
    }

    it('are kept as they were said last, with what they were counted as', async () => {
      const { groundTruth } = store
      await groundTruth.put(m, [truth('a'), truth('b')])
      const later = truth('a', { label: 'dog', saidAt: 6, counted })
      await groundTruth.put(m, [later])
      assert.deepEqual(await groundTruth.said(m, ['a', 'none']), [later])
      assert.deepEqual(await groundTruth.said(`${m}, another`, ['a']), [])
      assert.equal(await groundTruth.waiting(m), 1)
      await groundTruth.drop(m, ['b'])
      assert.deepEqual(await groundTruth.said(m, ['b']), [])
    })

    it('wait for their image, which is found by its name once it is there', async () => {
      const { groundTruth } = store
      await groundTruth.put(m, [truth('a'), truth('b', { saidAt: 4 }), truth('c')])
      assert.deepEqual(await groundTruth.arrived(m, 9), [])
      await store.inbox.add([imageOf('b'), imageOf('c')])
      const arrived = await groundTruth.arrived(m, 9)
      assert.deepEqual(
        arrived.map(({ predictionId }) => predictionId),
        ['b', 'c'],
      )
      const [image] = await groundTruth.images(m, ['b', 'none'])
      const { monitor: _, digest: __, bytes: ___, ...said } = imageOf('b')
      assert.deepEqual(image, { ...said, number: image.number, state: 'pending' })
      const old = { monitor: m, before: 5, most: 9 }
      assert.equal(await store.retention.dropWaiting(old), 1)
      assert.equal(await store.retention.dropWaiting(old), 0)
      assert.equal(await groundTruth.waiting(m), 2)
    })

    it('go with their image', async () => {
      const { groundTruth } = store
      await store.inbox.add([imageOf('a')])
      const [{ number }] = await groundTruth.images(m, ['a'])
      await groundTruth.put(m, [truth('a', { counted: { ...counted, image: number } })])
      await leaveOutFirst(store, m, number)
      assert.equal(await store.retention.forget(m, 'a'), true)
      assert.deepEqual(await groundTruth.said(m, ['a']), [])
    })

    it('are counted by class, day and source, and taken back', async () => {
      const { groundTruth } = store
      const cell = { day: 10, source: 'left', predicted: 'cat', actual: 'cat', images: 3 }
      const wrong = { ...cell, predicted: 'dog', images: 1 }
      await groundTruth.addAnswers(m, [cell, wrong, { ...cell, day: 20, source: '', images: 4 }])
      await groundTruth.addAnswers(m, [
        { ...wrong, images: -1 },
        { ...wrong, actual: 'dog', images: 2 },
      ])
      assert.deepEqual(await groundTruth.byClasses(m, {}), [
        { predicted: 'cat', actual: 'cat', images: 7 },
        { predicted: 'dog', actual: 'dog', images: 2 },
      ])
      assert.deepEqual(await groundTruth.byDay(m, {}), [
        { day: 10, images: 5, correct: 5 },
        { day: 20, images: 4, correct: 4 },
      ])
      assert.deepEqual(await groundTruth.byDay(m, { since: 10, until: 20, source: 'left' }), [
        { day: 10, images: 5, correct: 5 },
      ])
      assert.deepEqual(await groundTruth.byDay(m, { source: 'none' }), [])
    })

    it('are counted by one at a time, and what is remembered is as it was put last', async () => {
      const { groundTruth } = store
      assert.deepEqual(await groundTruth.states(m), [])
      const countUp = () =>
        store.within(async (tables) => {
          await tables.groundTruth.lock(m)
          const [[, state] = ['', '0']] = await tables.groundTruth.states(m)
          await tables.groundTruth.putStates(m, [['', `${Number(state) + 1}`]])
        })
      await Promise.all(Array.from({ length: 8 }, countUp))
      await groundTruth.putStates(m, [['left', 'x']])
      assert.deepEqual(await groundTruth.states(m), [
        ['', '8'],
        ['left', 'x'],
      ])
    })
  })
}
