import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openInbox } from '../../../src/monitor/inbox/index.ts'
import type { ReceivedImage, Receipt, Store } from '../../../src/monitor/store/index.ts'

const imageOf = (predictionId: string, bytes = 10) => ({
  monitor: 'm',
  predictionId,
  source: null,
  takenAt: null,
  facts: '{}',
  bytes: new Uint8Array(bytes),
})

/** A store whose transactions end when the test says so. */
function slowStore() {
  const transactions: { images: readonly ReceivedImage[]; end(error?: Error): void }[] = []
  const add = async (images: readonly ReceivedImage[]): Promise<Receipt[]> => {
    const { promise, resolve, reject } = Promise.withResolvers<Receipt[]>()
    transactions.push({
      images,
      end: (error) => (error ? reject(error) : resolve(images.map(() => 'stored'))),
    })
    return promise
  }
  const within = (act: (tables: object) => unknown) => act({ inbox: { add } })
  return { transactions, store: { within } as unknown as Store }
}

/** Resolves once so many transactions have begun. */
async function begun(transactions: readonly object[], count: number): Promise<void> {
  for (let turn = 0; transactions.length < count; turn++) {
    assert.ok(turn < 1000, `${transactions.length} of ${count} transactions`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('the inbox', () => {
  it('says nothing before the images are stored, and stores those that came meanwhile together', async () => {
    const { store, transactions } = slowStore()
    const stored: string[] = []
    const inbox = openInbox({
      store,
      clock: () => new Date(7),
      mostWaiting: 100,
      onStored: (monitors) => stored.push(...monitors),
    })
    const answers: string[] = []
    const accept = async (name: string) => {
      const receipts = await inbox.accept([imageOf(name)])
      answers.push(`${name} ${receipts.join()}`)
    }
    const all = [accept('1')]
    await begun(transactions, 1)
    all.push(accept('2'), accept('3'))
    assert.deepEqual(answers, [])
    transactions[0].end()
    await begun(transactions, 2)
    assert.deepEqual(answers, ['1 stored'])
    assert.deepEqual(
      transactions[1].images.map(({ predictionId, receivedAt, digest }) => [
        predictionId,
        receivedAt,
        digest.length,
      ]),
      [
        ['2', 7, 64],
        ['3', 7, 64],
      ],
    )
    transactions[1].end()
    await Promise.all(all)
    assert.equal(inbox.waiting, 3)
    assert.deepEqual(stored, ['m', 'm'])
  })

  it('tells all of a transaction that failed, and goes on with the next', async () => {
    const { store, transactions } = slowStore()
    const inbox = openInbox({
      store,
      clock: () => new Date(),
      mostWaiting: 100,
      onStored: () => {},
    })
    const first = inbox.accept([imageOf('1')])
    await begun(transactions, 1)
    const second = inbox.accept([imageOf('2')])
    transactions[0].end(new Error('the disk is full'))
    await assert.rejects(first, /disk is full/)
    await begun(transactions, 2)
    transactions[1].end()
    assert.deepEqual(await second, ['stored'])
    await inbox.drain()
  })

  it('writes no more bytes at once than sixteen MiB, but for a single request', async () => {
    const { store, transactions } = slowStore()
    const inbox = openInbox({
      store,
      clock: () => new Date(),
      mostWaiting: 100,
      onStored: () => {},
    })
    const MIB = 1024 * 1024
    const all = [1, 9, 9, 30].map((size, i) => inbox.accept([imageOf(`${i}`, size * MIB)]))
    for (let i = 0; i < 3; i++) {
      await begun(transactions, i + 1)
      transactions[i].end()
    }
    await Promise.all(all)
    const sizes = transactions.map(({ images }) => images.map(({ bytes }) => bytes.length / MIB))
    assert.deepEqual(sizes, [[1, 9], [9], [30]])
  })

  it('has no room while too much waits to be counted', async () => {
    const { store, transactions } = slowStore()
    const inbox = openInbox({
      store,
      clock: () => new Date(),
      mostWaiting: 2,
      onStored: () => {},
    })
    const sent = inbox.accept([imageOf('1'), imageOf('2')])
    await begun(transactions, 1)
    transactions[0].end()
    await sent
    await assert.rejects(inbox.accept([imageOf('3')]), { code: 'resource.busy', retryable: true })
    inbox.took(1)
    inbox.requireRoom()
  })
})
