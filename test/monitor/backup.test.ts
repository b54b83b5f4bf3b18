import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { backUp, completeConfig, type Config, putBack } from '../../src/monitor/index.ts'
import {
  openStore,
  type ReceivedImage,
  type Store,
  type StoreLocation,
} from '../../src/monitor/store/index.ts'
import { monitorSettingsSchema } from '../../src/monitor/watching/index.ts'
import { temporaryFolder } from '../images/stored-images.ts'
import { DATABASES, withStore } from './databases.ts'
import { storedAlert } from './stored-alert.ts'

const THEN = Date.parse('2026-11-26T12:00:00Z')
const NOW = Date.parse('2026-11-27T12:00:00Z')
const ALL = { images: 100, bytes: 1e9, except: new Set<number>() }

const configOf = (location: StoreLocation): Config =>
  completeConfig('folder' in location ? { data: location.folder } : { database: location.postgres })

const image = (predictionId: string): ReceivedImage => ({
  monitor: 'm',
  predictionId,
  digest: 'd',
  source: 'left',
  takenAt: null,
  facts: '{"a":1}',
  receivedAt: 1,
  bytes: Uint8Array.from({ length: 3000 }, (_, i) => i % 256),
})

/** Something in most tables, an image number that is given away and not there any more among it. */
async function fill(store: Store): Promise<void> {
  await store.monitors.addDetector({ id: 'd', artifact: Uint8Array.of(1, 2), facts: {}, at: 1 })
  const settings = JSON.stringify(monitorSettingsSchema.parse({}))
  await store.monitors.add({ id: 'm', detector: 'd', settings, createdAt: 1 })
  await store.inbox.add(['a', 'b', 'c', 'gone'].map(image))
  const pending = await store.inbox.pending('m', ALL)
  const [one, , , gone] = pending.map(({ number }) => number)
  await store.watching.count({
    monitor: 'm',
    before: { position: 0, skipped: 0, stamp: '' },
    after: { position: 1, skipped: 1, stamp: 's' },
    counted: [
      {
        number: one,
        position: 1,
        hash: 7,
        record: '{}',
        numbers: Float32Array.of(1.5, -2),
        places: Int8Array.of(-126, 0, 126),
        takenAt: 1,
        draw: 2,
      },
    ],
    leftOut: [{ number: gone, position: 1, code: 'image.undecodable', message: 'm' }],
    streams: [
      {
        source: '',
        state: new Uint8Array(100_000).fill(3),
        status: 'ok',
        images: 1,
        evidence: 0.25,
        lastAt: 5,
        recoveredAt: null,
      },
    ],
    guards: [],
    keepBytes: true,
    thumbnails: [{ image: one, bytes: new Uint8Array(3000).fill(9) }],
    at: 1,
  })
  await store.retention.forget('m', 'gone')
  await store.alerts.put(storedAlert({ told: { at: 1, as: 'open' } }))
  await store.outbox.post([{ id: 'o', alert: 'a', channel: 'c', message: '{}', createdAt: 1 }])
  await store.leases.take('watch m', { owner: 'who was there', now: NOW, forMs: 1e9 })
}

/** What is to be the same after it. */
async function contentsOf(store: Store) {
  return {
    detector: Uint8Array.from((await store.monitors.artifact('d')) ?? []),
    monitors: await store.monitors.all(),
    pending: (await store.inbox.pending('m', ALL)).map(({ bytes, ...one }) => [
      one,
      Uint8Array.from(bytes),
    ]),
    counted: await store.watching.counted('m', 1, 9),
    places: await store.watching.places([1, 2]),
    thumbnail: Uint8Array.from((await store.images.kept('m', 'a'))?.thumbnail ?? []),
    watch: { ...(await store.watching.watch('m')) },
    streams: (await store.watching.streamStates('m')).map(([name, state]) => [
      name,
      Uint8Array.from(state),
    ]),
    facts: await store.watching.streams('m'),
    alerts: await store.alerts.list({ most: 9 }),
    messages: await store.outbox.ofAlert('a'),
  }
}

for (const from of DATABASES) {
  for (const to of DATABASES) {
    const skip = from.skip || to.skip
    describe(`a backup of ${from.name}, put back into ${to.name}`, { skip }, () => {
      it('has all that was there while the service was at work, and says what is missing', async () => {
        const path = join(temporaryFolder(), 'a.backup')
        await withStore(from, async (store, location) => {
          await fill(store)
          const before = await contentsOf(store)
          await backUp(configOf(location), path, THEN)
          assert.equal(statSync(path).mode & 0o777, 0o600)
          // What comes after it is not in it.
          await store.inbox.add([image('late')])
          await withEmpty(to, async (target) => {
            assert.equal(await putBack(configOf(target), path, NOW), THEN)
            const restored = await openStore(target)
            try {
              assert.deepEqual(await contentsOf(restored), before)
              const [{ kind, event }] = await restored.events.last('m', { most: 9 })
              assert.equal(kind, 'restored')
              assert.match(event, /between .*12:00 UTC and .*12:00 UTC is missing/)
              const whats = (await restored.access.audit(9)).map(({ what }) => what)
              assert.deepEqual(whats, ['restore', 'backup'])
              // Nobody waits for who was there, and no number is given away twice.
              const lease = { owner: 'another', now: NOW, forMs: 1 }
              assert.ok(await restored.leases.take('watch m', lease))
              await restored.inbox.add([image('next')])
              const numbers = (await restored.inbox.pending('m', ALL)).map(({ number }) => number)
              assert.deepEqual(numbers, [2, 3, 5])
              await assert.rejects(putBack(configOf(target), path, NOW), {
                code: 'output.unwritable',
              })
            } finally {
              await restored.close()
            }
          })
        })
      })
    })
  }
}

async function withEmpty(
  database: (typeof DATABASES)[number],
  act: (location: StoreLocation) => Promise<void>,
): Promise<void> {
  const { location, remove } = await database.make()
  try {
    await act(location)
  } finally {
    await remove()
  }
}

describe('a backup', () => {
  const [sqlite] = DATABASES

  it('is written whole or not at all, and never over a file that is there', async () => {
    await withStore(sqlite, async (_, location) => {
      const folder = temporaryFolder()
      const path = join(folder, 'a.backup')
      writeFileSync(path, 'mine')
      await assert.rejects(backUp(configOf(location), path, THEN), { code: 'output.unwritable' })
      const nothing = configOf({ folder: join(folder, 'none') })
      const refused = { code: 'source.unreadable' }
      await assert.rejects(backUp(nothing, join(folder, 'b.backup'), THEN), refused)
      assert.deepEqual(readdirSync(folder), ['a.backup'])
    })
  })

  it('is not put back where it is damaged or none, and leaves nothing', async () => {
    await withStore(sqlite, async (store, location) => {
      await fill(store)
      const folder = temporaryFolder()
      const path = join(folder, 'a.backup')
      await backUp(configOf(location), path, THEN)
      const target = { folder: join(folder, 'data') }
      const corrupt = { code: 'artifact.corrupt' }
      const other = 'folder' in location ? join(location.folder, 'lock.sqlite') : ''
      truncateSync(path, statSync(path).size - 5000)
      await assert.rejects(putBack(configOf(target), path, NOW), corrupt)
      writeFileSync(path, 'no database')
      await assert.rejects(putBack(configOf(target), path, NOW), corrupt)
      await assert.rejects(putBack(configOf(target), `${other}.none`, NOW), {
        code: 'source.unreadable',
      })
      assert.equal(existsSync(join(target.folder, 'monitor.sqlite')), false)
      assert.deepEqual(readdirSync(target.folder), [])
    })
  })
})
