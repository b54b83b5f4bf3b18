import { createInterface } from 'node:readline'

type Commands = Readonly<Record<string, (request: never) => Promise<object>>>

/** In a process of `openProcess`: says what it is, then answers one JSON line on stdout for each on stdin until `exit`. */
export async function serveProcess(
  description: { readonly name: string; readonly version: string },
  commands: Commands,
): Promise<void> {
  const say = keepChannel()
  // Whoever asked is gone, perhaps killed: nobody waits for the rest.
  process.stdin.once('end', () => process.exit(0))
  say({ ready: true, ...description })
  for await (const line of createInterface(process.stdin)) {
    const { cmd, ...request } = JSON.parse(line) as { cmd: string }
    if (cmd === 'exit') break
    const command = commands[cmd]
    if (command === undefined)
      throw new TypeError(`expected a command of ${Object.keys(commands).join(', ')}, got ${cmd}`)
    say(await command(request as never))
  }
  process.exit(0)
}

/** Anything else that is printed goes to stderr, so that stdout stays a clean channel. */
function keepChannel(): (message: object) => void {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  return (message) => void write(`${JSON.stringify(message)}\n`)
}
