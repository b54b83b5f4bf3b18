import assert from 'node:assert/strict'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type Inbox, openInbox } from '../../../src/monitor/inbox/index.ts'
import { watchFolder } from '../../../src/monitor/sources/index.ts'
import type { Store } from '../../../src/monitor/store/index.ts'
import { png, referenceBytes, temporaryFolder } from '../../images/stored-images.ts'
import { DATABASES, withStore } from '../databases.ts'
import { until } from '../running-service.ts'

const parent = temporaryFolder()
const ALL = { images: 1000, bytes: 1e9, except: new Set<number>() }

type Watched = {
  readonly folder: string
  readonly store: Store
  readonly inbox: Inbox
  readonly said: string[]
  /** Watches until it is called. */
  readonly watch: (more?: { readonly patience?: number }) => () => Promise<void>
  /** Names and sources in the order in which they were taken. */
  readonly taken: () => Promise<(readonly [name: string, source: string | null])[]>
}

async function withFolder(
  act: (watched: Watched) => Promise<void>,
  { sourceFromFolder = false, mostWaiting = 1000, mostSources = 50 } = {},
): Promise<void> {
  await withStore(DATABASES[0], async (store) => {
    const folder = mkdtempSync(join(parent, 'watched-'))
    const said: string[] = []
    const clock = () => new Date()
    const inbox = openInbox({ store, clock, mostWaiting, onStored: () => {} })
    await act({
      folder,
      store,
      inbox,
      said,
      watch: (more = {}) => {
        const stopping = new AbortController()
        const { signal } = stopping
        const log = (_: string, message: string) => void said.push(message)
        const ports = { store, inbox, log, signal, everyMs: 5, mostBytes: 1000, ...more }
        const done = watchFolder(
          { path: folder, monitor: 'm', sourceFromFolder, mostSources },
          ports,
        )
        return async () => {
          stopping.abort()
          await done
        }
      },
      taken: async () =>
        (await store.inbox.pending('m', ALL)).map(({ predictionId, source }) => [
          predictionId,
          source,
        ]),
    })
  })
}

describe('a watched folder', () => {
  it('gives each image file once by its path, in the order of names, and passes others over', async () => {
    await withFolder(
      async ({ folder, watch, taken }) => {
        mkdirSync(join(folder, 'left'))
        mkdirSync(join(folder, '.trash'))
        const names = ['b.png', 'a.JPG', 'left/c.webp', 'notes.txt', '.hidden.png', '.trash/d.png']
        for (const name of names) writeFileSync(join(folder, name), name)
        symlinkSync(join(folder, 'b.png'), join(folder, 'z.png'))
        symlinkSync(join(folder, 'nothing'), join(folder, 'dangling.png'))
        const stop = watch()
        await until(taken, (found) => found.length === 4)
        await delay(30)
        await stop()
        assert.deepEqual(await taken(), [
          ['a.JPG', null],
          ['b.png', null],
          ['left/c.webp', 'left'],
          ['z.png', null],
        ])
      },
      { sourceFromFolder: true },
    )
  })

  it('waits for a file that is being written, and takes one that is renamed into place', async () => {
    await withFolder(async ({ folder, store, watch, taken }) => {
      const growing = join(folder, 'growing.png')
      writeFileSync(growing, '')
      const stop = watch()
      for (let part = 0; part < 20; part++) {
        await delay(4)
        appendFileSync(growing, 'part')
      }
      writeFileSync(join(folder, '.x.png.partial'), 'whole')
      renameSync(join(folder, '.x.png.partial'), join(folder, 'x.png'))
      await until(taken, (found) => found.length === 2)
      await stop()
      const sizes = (await store.inbox.pending('m', ALL)).map(({ predictionId, bytes }) => [
        predictionId,
        bytes.length,
      ])
      assert.deepEqual(Object.fromEntries(sizes), { 'growing.png': 80, 'x.png': 5 })
    })
  })

  it('waits for the end of a file whose writer pauses, at last takes it as it is, and says so', async () => {
    await withFolder(async ({ folder, store, said, watch, taken }) => {
      const file = await png(referenceBytes(0, 3), 3)
      writeFileSync(join(folder, 'a.png'), file.subarray(0, 50))
      writeFileSync(join(folder, 'b.png'), file.subarray(0, 60))
      const patient = watch({ patience: 1e9 })
      await delay(60)
      assert.deepEqual(await taken(), [])
      appendFileSync(join(folder, 'a.png'), file.subarray(50))
      await until(taken, (found) => found.length === 1)
      await patient()
      const stop = watch({ patience: 3 })
      await until(taken, (found) => found.length === 2)
      await stop()
      const sizes = (await store.inbox.pending('m', ALL)).map(({ predictionId, bytes }) => [
        predictionId,
        bytes.length,
      ])
      assert.deepEqual(sizes, [
        ['a.png', file.length],
        ['b.png', 60],
      ])
      assert.deepEqual(said, ['b.png was taken as it is: cut short, and it grew no more'])
    })
  })

  it('takes nothing twice after a restart, and what came meanwhile', async () => {
    await withFolder(async ({ folder, watch, taken }) => {
      writeFileSync(join(folder, '1.png'), 'one')
      const first = watch()
      await until(taken, (found) => found.length === 1)
      await first()
      writeFileSync(join(folder, '1.png'), 'one, changed')
      writeFileSync(join(folder, '2.png'), 'two')
      const second = watch()
      await until(taken, (found) => found.length === 2)
      await delay(30)
      await second()
      assert.equal((await taken()).length, 2)
    })
  })

  it('passes a file over that is too large, says so once, and survives what it can’t read', async () => {
    await withFolder(async ({ folder, said, watch, taken }) => {
      writeFileSync(join(folder, 'large.png'), Buffer.alloc(1001))
      mkdirSync(join(folder, 'locked'))
      chmodSync(join(folder, 'locked'), 0)
      writeFileSync(join(folder, 'a.png'), 'a')
      const stop = watch()
      await until(taken, (found) => found.length === 1)
      await delay(30)
      await stop()
      const large = said.filter((line) => line.includes('large.png'))
      assert.deepEqual(large, ['large.png was passed over: 1001 bytes, at most 1000 are taken'])
    })
  })

  it('watches images of folders beyond the most sources with all others only', async () => {
    await withFolder(
      async ({ folder, watch, taken }) => {
        for (const name of ['a', 'b', 'c']) {
          mkdirSync(join(folder, name))
          writeFileSync(join(folder, name, '1.png'), name)
        }
        const stop = watch()
        await until(taken, (found) => found.length === 3)
        await stop()
        assert.deepEqual(
          (await taken()).map(([, source]) => source),
          ['a', 'b', null],
        )
      },
      { sourceFromFolder: true, mostSources: 2 },
    )
  })

  it('waits while too much waits to be counted, and then takes the rest', async () => {
    await withFolder(
      async ({ folder, inbox, watch, taken, said }) => {
        for (const name of ['1', '2', '3']) writeFileSync(join(folder, `${name}.png`), name)
        await inbox.accept(
          ['x', 'y'].map((predictionId) => ({
            monitor: 'other',
            predictionId,
            source: null,
            takenAt: null,
            facts: '{}',
            bytes: Uint8Array.of(1),
          })),
        )
        const stop = watch()
        await delay(40)
        assert.deepEqual(await taken(), [])
        inbox.took(2)
        await until(taken, (found) => found.length === 3)
        await stop()
        assert.deepEqual(said, [])
      },
      { mostWaiting: 2 },
    )
  })
})
