import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openProcess } from '../../evaluation/harness/worker-process.ts'

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

describe('a process that answers', () => {
  it('answers requests one by one from the same process', async () => {
    const double = await openProcess(worker('say({ twice: 2 * request.value, pid: process.pid })'))
    assert.deepEqual(double.description, { name: 'double', version: '1' })
    const first = await double.ask<{ twice: number; pid: number }>({ cmd: 'run', value: 4 })
    const second = await double.ask<{ twice: number; pid: number }>({ cmd: 'run', value: 5 })
    assert.deepEqual([first.twice, second.twice], [8, 10])
    assert.equal(first.pid, second.pid)
    await double.close()
  })

  it('says what a worker wrote to stderr when it dies in mid-request', async () => {
    const dying = await openProcess(worker(`console.error('out of luck'); process.exit(3)`))
    await assert.rejects(dying.ask({ cmd: 'run' }), /ended with code 3\n[^]*out of luck/)
    await dying.close()
  })

  it('says so when a worker never gets ready', async () => {
    const broken = [process.execPath, '--eval', 'process.exit(4)']
    await assert.rejects(openProcess(broken), /ended with code 4/)
  })

  it('says so when there is no such program', async () => {
    await assert.rejects(openProcess(['/nowhere/python']), { code: 'ENOENT' })
  })

  it('says so at the next question when it has ended between two', async () => {
    const ending = await openProcess(worker(`say({}); process.exit(5)`))
    assert.deepEqual(await ending.ask({ cmd: 'run' }), {})
    await setTimeout(50)
    await assert.rejects(ending.ask({ cmd: 'run' }), /ended with code 5/)
  })

  it('may print what it likes: only answers are answers', async () => {
    const printed: string[] = []
    const printing = await openProcess(served('console.log("a word"); return { value: 1 }'), {
      log: (line) => printed.push(line),
    })
    assert.deepEqual(await printing.ask({ cmd: 'run' }), { value: 1 })
    await printing.close()
    assert.deepEqual(printed, ['a word'])
  })

  it('ends in the midst of its work when whoever asked is gone', async () => {
    const [file, ...words] = served('await new Promise((resolve) => setTimeout(resolve, 60_000))')
    const child = spawn(file, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    await once(child.stdout, 'data')
    child.stdin.end('{"cmd":"run"}\n')
    assert.deepEqual(await exited, [0, null])
  })
})

/** A process of ours; `run(request)` is its body. */
function served(body: string): string[] {
  const url = new URL('../../evaluation/harness/serve-process.ts', import.meta.url).href
  const code = `import { serveProcess } from ${JSON.stringify(url)}
    await serveProcess({ name: 'served', version: '1' }, { run: async () => { ${body} } })`
  return [process.execPath, '--input-type=module', '--eval', code]
}
