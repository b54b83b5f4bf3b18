import { createInterface } from 'node:readline'

type Commands = Readonly<Record<string, (request: never) => Promise<object>>>

/** Says what this worker is, then answers one JSON line on stdout for each on stdin until `exit`. */
export async function serve(
  description: { readonly name: string; readonly version: string },
  commands: Commands,
): Promise<void> {
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

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
