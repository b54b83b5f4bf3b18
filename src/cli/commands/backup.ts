import { backUp, putBack } from '../../monitor/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { type StoreFlags, storeConfig } from '../store-config.ts'

/** `pixeldrift backup <file>`: all that a service holds, while it is at work. */
export async function runBackup(
  path: string,
  flags: StoreFlags,
  context: CommandContext,
): Promise<ExitCode> {
  await backUp(storeConfig(flags, context), path, context.wallClock().getTime())
  context.err.write(`${path} is written\n`)
  return EXIT.noDrift
}

/** `pixeldrift restore <file>`: puts it back where there is nothing yet. */
export async function runRestore(
  path: string,
  flags: StoreFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const config = storeConfig(flags, context)
  const at = await putBack(config, path, context.wallClock().getTime())
  const when = new Date(at).toISOString()
  context.err.write(
    `${path}, made ${when}, is put back; what was accepted since then is missing, which each monitor says\n`,
  )
  return EXIT.noDrift
}
