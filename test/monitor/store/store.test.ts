import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import type { DriftError } from '../../../src/errors.ts'
import { openStore, type StoreLocation } from '../../../src/monitor/store/index.ts'
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

  it('is free again after a kill', async () => {
    const { location, remove } = await sqlite.make()
    const { signal } = openElsewhere(location, `process.kill(process.pid, 'SIGKILL')`)
    assert.equal(signal, 'SIGKILL')
    await (await openStore(location)).close()
    await remove()
  })
})

function openElsewhere(location: StoreLocation, then = '') {
  const door = new URL('../../../src/monitor/store/index.ts', import.meta.url).href
  const script = `import { openStore } from '${door}'
    await openStore(${JSON.stringify(location)})
    ${then}`
  return spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
}

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
