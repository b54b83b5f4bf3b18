import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { DatabaseSync } from 'node:sqlite'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { Client } from 'pg'
import { inboxTable } from '../../../src/monitor/store/inbox-table.ts'
import type { DriftError } from '../../../src/errors.ts'
import { isUnavailable, openStore, type StoreLocation } from '../../../src/monitor/store/index.ts'
import { missingDisk, mountSmallDisk } from '../../../evaluation/monitor/small-disk.ts'
import { temporaryFolder } from '../../images/stored-images.ts'
import { describeStore } from '../../contracts/store.ts'
import { DATABASES, withStore } from '../databases.ts'

for (const database of DATABASES) describeStore(database)

describe('the folder of a store on SQLite', () => {
  const [sqlite] = DATABASES

  it('is for one process alone, until that one ends', async () => {
    await withStore(sqlite, async (_, location) => {
      const refused = { code: 'resource.busy', message: /another service at work/ }
      await assert.rejects(openStore(location), refused)
      const { stderr, status } = openElsewhere(location)
      assert.equal(status, 1)
      assert.match(stderr, /another service at work/)
    })
  })

  it('opens as it was before places were kept: its images have none', async () => {
    const { location, remove } = await sqlite.make()
    const [number] = await countImages(location, { monitor: 'm', from: 0 })
    const path = 'folder' in location ? join(location.folder, 'monitor.sqlite') : ''
    const before = new DatabaseSync(path)
    before.exec(`drop table places; delete from kysely_migration where name = '0009-places'`)
    before.close()
    const [later] = await countImages(location, { monitor: 'm', from: 1 })
    const store = await openStore(location)
    assert.deepEqual(
      (await store.watching.counted('m', 1, 9)).map((image) => image.number),
      [number, later],
    )
    assert.deepEqual([...(await store.watching.places([number, later])).keys()], [later])
    await store.close()
    await remove()
  })

  it('becomes smaller once what it held was dropped', async () => {
    const { location, remove } = await sqlite.make()
    const store = await openStore(location)
    const bytes = new Uint8Array(100_000)
    const names = Array.from({ length: 50 }, (_, i) => `${i}`)
    await store.inbox.add(
      names.map((predictionId) => ({
        monitor: 'm',
        predictionId,
        digest: predictionId,
        source: null,
        takenAt: null,
        facts: '{}',
        receivedAt: 1,
        bytes,
      })),
    )
    const all = await store.inbox.pending('m', { images: 99, bytes: 1e9, except: new Set() })
    await store.within((tables) =>
      tables.watching.count({
        monitor: 'm',
        before: { position: 0, skipped: 0, stamp: '' },
        after: { position: 0, skipped: 50, stamp: 'a' },
        counted: [],
        leftOut: all.map(({ number }) => ({ number, position: 0, code: 'c', message: 'm' })),
        streams: [],
        guards: [],
        keepBytes: false,
        at: 1,
      }),
    )
    await store.compact()
    await store.close()
    const path = 'folder' in location ? join(location.folder, 'monitor.sqlite') : ''
    assert.ok(statSync(path).size < 1_000_000, `${statSync(path).size}`)
    await remove()
  })

  it('is free again after a kill', async () => {
    const { location, remove } = await sqlite.make()
    const { signal } = openElsewhere(location, `process.kill(process.pid, 'SIGKILL')`)
    assert.equal(signal, 'SIGKILL')
    await (await openStore(location)).close()
    await remove()
  })
})

/** Opens the store of a location, counts one image more there, and closes it. */
async function countImages(
  location: StoreLocation,
  { monitor, from }: { readonly monitor: string; readonly from: number },
): Promise<number[]> {
  const store = await openStore(location)
  const predictionId = `${from}`
  await store.inbox.add([
    {
      monitor,
      predictionId,
      digest: predictionId,
      source: null,
      takenAt: null,
      facts: '{}',
      receivedAt: 1,
      bytes: Uint8Array.of(1),
    },
  ])
  const waiting = await store.inbox.pending(monitor, { images: 9, bytes: 9, except: new Set() })
  const numbers = waiting.map(({ number }) => number)
  await store.within(async (tables) =>
    tables.watching.count({
      monitor,
      before: await tables.watching.watch(monitor),
      after: { position: from + 1, skipped: 0, stamp: predictionId },
      counted: numbers.map((number) => ({
        number,
        position: from + 1,
        hash: 1,
        record: '{}',
        numbers: Float32Array.of(1),
        places: Int8Array.of(1, -1),
        takenAt: 1,
        draw: 1,
      })),
      leftOut: [],
      streams: [],
      guards: [],
      keepBytes: false,
      at: 1,
    }),
  )
  await store.close()
  return numbers
}

function openElsewhere(location: StoreLocation, then = '') {
  const door = new URL('../../../src/monitor/store/index.ts', import.meta.url).href
  const script = `import { openStore } from '${door}'
    await openStore(${JSON.stringify(location)})
    ${then}`
  return spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
}

describe('a store on SQLite whose disk is full', { skip: missingDisk() }, () => {
  it('says so within a transaction too, takes nothing by halves, and goes on when there is room', async () => {
    const disk = mountSmallDisk(join(temporaryFolder(), 'disk'), 20)
    const store = await openStore({ folder: join(disk.folder, 'data') })
    let names = 0
    const add = () =>
      store.within((tables) =>
        tables.inbox.add(
          Array.from({ length: 20 }, () => ({
            monitor: 'm',
            predictionId: `${names++}`,
            digest: 'd',
            source: null,
            takenAt: null,
            facts: '{}',
            receivedAt: 1,
            bytes: new Uint8Array(20_000),
          })),
        ),
      )
    await add()
    disk.fill()
    await assert.rejects(async () => {
      for (let i = 0; i < 50; i++) await add()
    }, isUnavailable)
    const { images } = await store.inbox.backlog()
    assert.equal(images % 20, 0)
    disk.free()
    await add()
    assert.equal((await store.inbox.backlog()).images, images + 20)
    await store.close()
    disk.remove()
  })
})

describe('a store on PostgreSQL', () => {
  it('says who did not answer, without the password', async () => {
    const address = 'postgres://me:secret@127.0.0.1:1/none'
    await assert.rejects(openStore({ postgres: address }), (error: DriftError) => {
      assert.equal(error.code, 'resource.unavailable')
      assert.match(error.message, /127\.0\.0\.1:1/)
      assert.doesNotMatch(error.message, /secret/)
      return true
    })
  })

  const [, postgres] = DATABASES
  it(
    'is brought up to date once by several that begin at once',
    { skip: postgres.skip },
    async () => {
      const { location, remove } = await postgres.make()
      const stores = await Promise.all([1, 2, 3].map(() => openStore(location)))
      await Promise.all(stores.map((store) => store.close()))
      await remove()
    },
  )
})

describe('a database that fails for now', () => {
  it('is told from one that can’t do what it was asked', () => {
    const failing = (facts: object) => Object.assign(new Error('failed'), facts)
    for (const facts of [
      { errcode: 13 },
      { errcode: 5 },
      { errcode: 266 },
      { code: '57P01' },
      { code: '53100' },
      { code: '40001' },
      { code: 'ECONNREFUSED' },
    ]) {
      assert.equal(isUnavailable(failing(facts)), true, JSON.stringify(facts))
    }
    assert.equal(isUnavailable(new Error('Connection terminated unexpectedly')), true)
    for (const facts of [{ errcode: 19 }, { errcode: 1 }, { code: '22021' }, { code: '42601' }, {}])
      assert.equal(isUnavailable(failing(facts)), false, JSON.stringify(facts))
  })

  it(
    'goes on when its server has ended every connection',
    { skip: DATABASES[1].skip },
    async () => {
      await withStore(DATABASES[1], async (store, location) => {
        await store.ping()
        const address = 'postgres' in location ? location.postgres : ''
        const client = new Client({ connectionString: address })
        await client.connect()
        await client.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
        await client.end()
        const errors: unknown[] = []
        for (let tries = 0; tries < 20; tries++) {
          const isBack = await store.ping().then(
            () => true,
            (error: unknown) => {
              errors.push(error)
              return false
            },
          )
          if (isBack) break
        }
        assert.ok(errors.length < 20)
        assert.deepEqual(
          errors.filter((error) => !isUnavailable(error)),
          [],
        )
      })
    },
  )
})

describe('what is asked at each step', () => {
  it('looks at those images alone that wait, however many are known', async () => {
    const { location, remove } = await DATABASES[0].make()
    await (await openStore(location)).close()
    const path = 'folder' in location ? join(location.folder, 'monitor.sqlite') : ''
    const database = new DatabaseSync(path)
    const asked: string[] = []
    const plan = (statement: string): string =>
      database
        .prepare(`explain query plan ${statement}`)
        .all()
        .map(({ detail }) => String(detail))
        .join('\n')
    const store = inboxTable(
      new Kysely({
        dialect: {
          createAdapter: () => new SqliteAdapter(),
          createDriver: () => new DummyDriver(),
          createIntrospector: (db) => new SqliteIntrospector(db),
          createQueryCompiler: () => new SqliteQueryCompiler(),
        },
        log: ({ query }) => void asked.push(query.sql),
      }),
    )
    await store.pending('m', { images: 5, bytes: 5, except: new Set() })
    await store.backlog().catch(() => {})
    assert.equal(asked.length, 2)
    for (const statement of asked)
      assert.match(plan(statement), /USING (COVERING )?INDEX images_pending/)
    database.close()
    await remove()
  })
})
