import { spawn } from 'node:child_process'

/** What is done once this process is gone. */
export type Will = {
  /** The script finds the last of these as `$last`. */
  note(word: string): void
  /** Nothing is left to do. */
  revoke(): void
}

const REVOKED = 'revoked'

/**
 * Has `script`, with `words` as its arguments, run by a shell once this process is gone, however it went: a study that is
 * interrupted is killed, and has no time to stop its servers. Nobody else holds the other end of the pipe.
 */
export function leaveWill(script: string, words: readonly string[]): Will {
  const whole = `trap '' INT TERM HUP; while read -r line; do last=$line; done; [ "$last" = ${REVOKED} ] || { ${script}; }`
  const shell = spawn('/bin/sh', ['-c', whole, 'will', ...words], {
    // What ends a terminal's processes together is not to end this one.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  const { stdin } = shell
  stdin.on('error', () => {})
  return {
    note: (word) => void stdin.write(`${word}\n`),
    revoke: () => void stdin.end(`${REVOKED}\n`),
  }
}
