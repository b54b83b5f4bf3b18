import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import {
  openStore,
  OvertakenError,
  type ReceivedImage,
  type Store,
  type StoreLocation,
  type Watch,
  type WatchStep,
} from '../../src/monitor/store/index.ts'
import type { TestDatabase } from '../monitor/databases.ts'
import { describeGroundTruth } from './store-ground-truth.ts'
import { describeKeeping } from './store-keeping.ts'
import { describePeriods } from './store-periods.ts'

let names = 0
const image = (more: Partial<ReceivedImage> = {}): ReceivedImage => ({
  monitor: 'm',
  predictionId: `image ${names++}`,
  digest: 'digest',
  source: null,
  takenAt: null,
  facts: '{}',
  receivedAt: 1000,
  bytes: Uint8Array.of(1, 2, 3),
  ...more,
})

const NOTHING = new Set<number>()
const ALL = { images: 100, bytes: 1e6, except: NOTHING }
const PLACES = Int8Array.of(-126, -1, 0, 126)
/** More than are looked up at once. */
const UNKNOWN = Array.from({ length: 1000 }, (_, i) => -1 - i)

function withoutTimes(counted: WatchStep['counted'][number]) {
  const { takenAt: _, draw: __, places: ___, ...rest } = counted
  return rest
}

/** What a store promises, whichever database is behind it. */
export function describeStore(database: TestDatabase): void {
  describe(`a store on ${database.name}`, { skip: database.skip }, () => {
    let store: Store
    let location: StoreLocation
    let remove: () => Promise<void>
    let monitor = 0
    // One database for all: each test has a monitor of its own.
    let m = ''

    before(async () => {
      const made = await database.make()
      ;({ location, remove } = made)
      store = await openStore(location)
    })
    beforeEach(() => (m = `m${monitor++}`))
    after(async () => {
      await store.close()
      await remove()
    })

    describe('inbox', () => {
      it('stores an image once under its name, and tells another one of that name from it', async () => {
        const one = image({ monitor: m })
        assert.deepEqual(await store.inbox.add([one]), ['stored'])
        const other = { ...one, digest: 'another' }
        const elsewhere = { ...one, monitor: `${m}, another` }
        const receipts = await store.inbox.add([one, other, elsewhere, elsewhere])
        assert.deepEqual(receipts, ['known', 'conflict', 'stored', 'known'])
        assert.equal((await store.inbox.pending(m, ALL)).length, 1)
      })

      it('gives images in the order in which they came, with their bytes and all that was said', async () => {
        const said = { source: 'left', takenAt: '2026-11-26T12:00:00.000Z', facts: '{"a":1}' }
        const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256)
        const images = [3, 1, 2].map((name) =>
          image({ ...said, monitor: m, predictionId: `${name}`, bytes }),
        )
        await store.inbox.add(images)
        const pending = await store.inbox.pending(m, ALL)
        assert.deepEqual(
          pending.map(({ predictionId }) => predictionId),
          ['3', '1', '2'],
        )
        const [{ number: _, bytes: stored, ...rest }] = pending
        assert.deepEqual(Uint8Array.from(stored), bytes)
        assert.deepEqual(rest, { ...said, predictionId: '3', receivedAt: 1000 })
      })

      it('gives so many bytes together and at least one image, but those that are excepted', async () => {
        await store.inbox.add([1, 2, 3].map(() => image({ monitor: m, bytes: new Uint8Array(10) })))
        const two = await store.inbox.pending(m, { ...ALL, bytes: 20 })
        assert.equal(two.length, 2)
        const except = new Set(two.map(({ number }) => number))
        const last = await store.inbox.pending(m, { images: 1, bytes: 1, except })
        assert.equal(last.length, 1)
        assert.ok(!except.has(last[0].number))
      })

      it('says how much waits, and which names it knows', async () => {
        const earlier = await store.inbox.backlog()
        const [one, two] = [image({ monitor: m }), image({ monitor: m })]
        await store.inbox.add([one, two])
        const { images, bytes } = await store.inbox.backlog()
        assert.deepEqual([images - earlier.images, bytes - earlier.bytes], [2, 6])
        assert.equal(await store.inbox.oldest(m), 1000)
        assert.equal(await store.inbox.oldest(`${m}, another`), undefined)
        const known = await store.inbox.known(m, [one.predictionId, 'another'])
        assert.deepEqual([...known], [one.predictionId])
      })

      it('takes nothing where a transaction fails', async () => {
        const failing = store.within(async (tables) => {
          await tables.inbox.add([image({ monitor: m })])
          throw new Error('no')
        })
        await assert.rejects(failing, /no/)
        assert.deepEqual(await store.inbox.pending(m, ALL), [])
      })
    })

    describe('watching', () => {
      const numbers = (value: number) => Float32Array.of(value, 0.1, Number.NaN)
      const stepOf = (from: Watch, some: readonly number[], stamp: string): WatchStep => ({
        monitor: m,
        before: from,
        after: { position: from.position + some.length, skipped: from.skipped, stamp },
        counted: some.map((number, i) => ({
          number,
          position: from.position + i + 1,
          hash: 0xffff_ffff,
          record: '{"id":"a"}',
          numbers: numbers(i),
          places: i === 1 ? undefined : PLACES,
          takenAt: 1000 * number,
          draw: -number,
        })),
        leftOut: [],
        streams: [
          {
            source: '',
            state: Uint8Array.of(some.length),
            status: 'watching',
            images: from.position + some.length,
            evidence: 0.25,
            lastAt: 1000,
            recoveredAt: null,
          },
        ],
        guards: [['', `${some.length}`]],
        keepBytes: true,
        at: 2000,
      })
      const numbersOf = async () => {
        await store.inbox.add([image({ monitor: m }), image({ monitor: m })])
        return (await store.inbox.pending(m, ALL)).map(({ number }) => number)
      }

      it('counts images once, and keeps what the streams remember with it', async () => {
        const start = await store.watching.watch(m)
        assert.deepEqual(start, { position: 0, skipped: 0, stamp: '' })
        const step = stepOf(start, await numbersOf(), 'one')
        await store.within((tables) => tables.watching.count(step))
        assert.deepEqual(await store.inbox.pending(m, ALL), [])
        const { position, skipped, stamp } = await store.watching.watch(m)
        assert.deepEqual([position, skipped, stamp], [2, 0, 'one'])
        const counted = await store.watching.counted(m, 1, 2)
        const stored = step.counted.map(withoutTimes)
        assert.deepEqual(counted, stored)
        const [placed, unplaced] = step.counted.map(({ number }) => number)
        const places = await store.watching.places([...UNKNOWN, unplaced, placed])
        assert.deepEqual([...places], [[placed, PLACES]])
        const [first, second] = step.counted.map(({ takenAt }) => takenAt)
        const period = { monitor: m, start: first, end: second + 1, last: 2 }
        assert.deepEqual(await store.watching.ofPeriod(period, 5), stored)
        // The smallest draw is that of the last one.
        assert.deepEqual(await store.watching.ofPeriod(period, 1), stored.slice(1))
        assert.deepEqual(
          await store.watching.ofPeriod({ ...period, end: second }, 5),
          stored.slice(0, 1),
        )
        assert.deepEqual(
          await store.watching.ofPeriod({ ...period, last: 1 }, 5),
          stored.slice(0, 1),
        )
        const [[source, state]] = await store.watching.streamStates(m)
        assert.deepEqual([source, ...state], ['', 2])
        const [{ state: _, ...facts }] = step.streams
        assert.deepEqual(await store.watching.streams(m), [facts])
        assert.deepEqual(await store.watching.guards(m), step.guards)
      })

      it('refuses a step from where another one has gone on, the first one too', async () => {
        const start = await store.watching.watch(m)
        const some = await numbersOf()
        const step = stepOf(start, some, 'one')
        await store.within((tables) => tables.watching.count(step))
        for (const late of [step, stepOf({ ...start, stamp: 'zero' }, some, 'two')]) {
          const again = store.within((tables) => tables.watching.count(late))
          await assert.rejects(again, OvertakenError)
        }
        assert.equal((await store.watching.watch(m)).stamp, 'one')
      })

      it('names images that were left out, and drops their bytes', async () => {
        const start = await store.watching.watch(m)
        const [first, second] = await numbersOf()
        const why = { position: 1, code: 'image.undecodable', message: 'cut' }
        await store.within((tables) =>
          tables.watching.count({
            ...stepOf(start, [first], 'one'),
            leftOut: [{ number: second, ...why }],
          }),
        )
        const [left] = await store.watching.leftOut(m, 0, 1)
        assert.deepEqual(left, {
          ...why,
          number: second,
          predictionId: left.predictionId,
        })
        assert.deepEqual(await store.watching.leftOut(m, 0, 0), [])
        const [{ at, ...last }] = await store.watching.lastLeftOut(m, 1)
        assert.deepEqual([last, at], [left, 2000])
        const kept = await store.images.bytesOf([first, second])
        assert.deepEqual([...kept.keys()], [first])
        assert.ok(await store.images.file(m, first))
        assert.equal(await store.images.file('another', first), undefined)
      })

      it('forgets an image everywhere, and drops what is old, but nothing that waits', async () => {
        const start = await store.watching.watch(m)
        const ids = ['first', 'second', 'third', 'waits']
        await store.inbox.add(ids.map((predictionId) => image({ monitor: m, predictionId })))
        const all = (await store.inbox.pending(m, ALL)).map(({ number }) => number)
        await store.within((tables) => tables.watching.count(stepOf(start, all.slice(0, 3), 'one')))
        const { retention } = store
        assert.equal(await retention.forget(m, 'first'), true)
        assert.equal(await retention.forget(m, 'first'), false)
        assert.equal(await retention.forget(m, 'waits'), false)
        assert.equal((await store.watching.counted(m, 1, 3)).length, 2)
        const places = async () => [...(await store.watching.places(all)).keys()]
        assert.deepEqual(await places(), [all[2]])
        const drop = { monitor: m, most: 10 }
        assert.equal(await retention.dropBytes({ of: 'image_bytes', ...drop, keep: 3 }), 0)
        assert.equal(await retention.dropBytes({ of: 'image_bytes', ...drop, keep: 2 }), 1)
        assert.deepEqual(
          [...(await store.images.bytesOf(all)).keys()].toSorted((a, b) => a - b),
          [all[2], all[3]],
        )
        assert.equal(await retention.dropImages({ ...drop, before: 1000, keepNames: true }), 0)
        const old = { ...drop, before: 1001 }
        assert.equal(await retention.dropImages({ ...old, keepNames: true }), 2)
        assert.equal(await retention.dropImages({ ...old, keepNames: true }), 0)
        assert.deepEqual(await store.watching.counted(m, 1, 3), [])
        assert.deepEqual(await places(), [])
        assert.equal((await store.inbox.known(m, ids)).size, 3)
        assert.equal((await store.inbox.pending(m, ALL)).length, 1)
        // Nothing that waits, whatever is to be kept.
        assert.equal(await retention.dropBytes({ of: 'image_bytes', ...drop, keep: 0 }), 0)
      })

      it('keeps small pictures in place of files, the last ones, until the image goes', async () => {
        const start = await store.watching.watch(m)
        const ids = ['small 1', 'small 2', 'small 3']
        await store.inbox.add(ids.map((predictionId) => image({ monitor: m, predictionId })))
        const waiting = await store.inbox.pending(m, ALL)
        const all = waiting.filter(({ predictionId }) => ids.includes(predictionId))
        const taken = all.map(({ number }) => number)
        const thumbnails = taken.map((number, i) => ({
          image: number,
          bytes: Uint8Array.of(7, i),
        }))
        const step = { ...stepOf(start, taken, 'small'), keepBytes: false, thumbnails }
        await store.within((tables) => tables.watching.count(step))
        assert.deepEqual(
          [...(await store.images.bytesOf(taken)).values()].map((bytes) => bytes.join()),
          ['7,0', '7,1', '7,2'],
        )
        assert.deepEqual([...((await store.images.file(m, taken[1])) ?? [])], [7, 1])
        const drop = { monitor: m, of: 'thumbnails', most: 10 } as const
        assert.equal(await store.retention.dropBytes({ ...drop, keep: 2 }), 1)
        const kept = async (name: string) => {
          const found = await store.images.kept(m, name)
          return found && [found.original, found.thumbnail && [...found.thumbnail]]
        }
        assert.deepEqual(await kept('small 1'), [null, null])
        assert.deepEqual(await kept('small 3'), [null, [7, 2]])
        assert.equal(await store.retention.forget(m, 'small 3'), true)
        assert.equal(await kept('small 3'), undefined)
        assert.equal((await store.images.bytesOf(taken)).size, 1)
      })
    })

    it('knows jobs, changes those that are as expected, and fails those whose service is gone', async () => {
      const job = (id: string, aliveUntil: number) => ({
        id,
        state: 'running' as const,
        from: 'images',
        createdAt: aliveUntil,
        changedAt: 1,
        aliveUntil,
        progress: null,
        detector: null,
        error: null,
      })
      const { jobs } = store
      for (const [id, until] of [
        ['a', 10],
        ['b', 20],
        ['c', 30],
      ] as const)
        await jobs.add(job(id, until))
      assert.deepEqual(await jobs.byId('b'), job('b', 20))
      assert.equal(await jobs.change('b', ['waiting'], { state: 'done', changedAt: 2 }), false)
      assert.equal(
        await jobs.change('b', ['running'], { state: 'done', detector: 'd', changedAt: 2 }),
        true,
      )
      await jobs.alive(['a'], 40)
      await jobs.failLost(35, 3)
      const all = await jobs.last(9)
      assert.deepEqual(
        all.map(({ id, state, changedAt }) => [id, state, changedAt]),
        [
          ['c', 'failed', 3],
          ['b', 'done', 2],
          ['a', 'running', 1],
        ],
      )
      assert.match(all[0].error ?? '', /Begin it again/)
      assert.equal((await jobs.last(1)).length, 1)
      assert.equal(await jobs.byId('none'), undefined)
    })

    describe('what was found', () => {
      it('lists events newest first, from any on', async () => {
        const event = { monitor: m, source: '', kind: 'drift', event: '{}', toldAt: 5 }
        const [one, two] = await store.events.add([event, { ...event, source: 'left' }])
        const all = await store.events.last(m, { most: 10 })
        assert.deepEqual(
          all.map(({ id }) => id),
          [two, one],
        )
        assert.deepEqual(await store.events.last(m, { most: 10, before: two }), [
          { ...event, id: one },
        ])
        assert.equal((await store.events.byId(m, two))?.source, 'left')
        assert.equal(await store.events.byId('another', two), undefined)
      })

      it('keeps the first verdict of a window', async () => {
        const window = {
          monitor: m,
          number: 1,
          first: 1,
          last: 10,
          closedAt: 5,
          verdict: null,
          severity: null,
        }
        await store.events.closeWindows([window, { ...window, number: 2 }])
        assert.deepEqual(await store.events.unjudged(m), window)
        const verdict = { ...window, verdict: '{}', severity: 'ok' }
        assert.equal(await store.events.judged(verdict), true)
        assert.equal(await store.events.judged({ ...verdict, severity: 'drift' }), false)
        assert.deepEqual(await store.events.window(m, 1), verdict)
        assert.equal((await store.events.unjudged(m))?.number, 2)
        const numbers = (await store.events.windows(m, { most: 1, before: 2 })).map((w) => w.number)
        assert.deepEqual(numbers, [1])
      })
    })

    describeKeeping(() => ({ store, m }))

    describeGroundTruth(() => ({ store, m }))

    describePeriods(() => ({ store, m }))

    it('is found as it was left when it is opened again', async () => {
      await store.inbox.add([image({ monitor: m })])
      await store.close()
      store = await openStore(location)
      await store.ping()
      assert.equal((await store.inbox.pending(m, ALL)).length, 1)
    })
  })
}
