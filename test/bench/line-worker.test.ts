import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openLineWorker } from '../../bench/harness/line-worker.ts'

/** A worker written in place; `on(request)` is its body. */
const worker = (body: string): string[] => [
  process.execPath,
  '--input-type=module',
  '--eval',
  `import { createInterface } from 'node:readline'
   const say = (message) => console.log(JSON.stringify(message))
   say({ ready: true, name: 'double', version: '1' })
   for await (const line of createInterface(process.stdin)) {
     const request = JSON.parse(line)
     if (request.cmd === 'exit') break
     ${body}
   }`,
]

describe('openLineWorker', () => {
  it('answers requests one by one from the same process', async () => {
    const double = await openLineWorker(
      worker('say({ twice: 2 * request.value, pid: process.pid })'),
    )
    assert.deepEqual(double.description, { name: 'double', version: '1' })
    const first = await double.request<{ twice: number; pid: number }>({ cmd: 'run', value: 4 })
    const second = await double.request<{ twice: number; pid: number }>({ cmd: 'run', value: 5 })
    assert.deepEqual([first.twice, second.twice], [8, 10])
    assert.equal(first.pid, second.pid)
    await double.close()
  })

  it('says what a worker wrote to stderr when it dies in mid-request', async () => {
    const dying = await openLineWorker(worker(`console.error('out of luck'); process.exit(3)`))
    await assert.rejects(dying.request({ cmd: 'run' }), /ended with code 3\n[^]*out of luck/)
    await dying.close()
  })

  it('says so when a worker never gets ready', async () => {
    const broken = [process.execPath, '--eval', 'process.exit(4)']
    await assert.rejects(openLineWorker(broken), /ended with code 4/)
  })

  it('says so when there is no such program', async () => {
    await assert.rejects(openLineWorker(['/nowhere/python']), { code: 'ENOENT' })
  })
})
