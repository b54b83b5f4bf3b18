import { type Command, Option, type OptionValues } from '@commander-js/extra-typings'
import type { CommandContext, ExitCode } from './context.ts'
import { HELP_TEXTS } from './help-texts.ts'
import { parseCount, parsePort } from './number-flags.ts'
import { labels, parseScopes } from './shared-options.ts'

type Finish = (code: ExitCode) => void

/** `serve`. */
export function addServe(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('serve')
    .description('take images in over HTTP or from a folder, watch them, tell people')
    .option('--detector <file>', 'a file written by fit, to watch with')
    .option('--watch <folder>', 'take the images of this folder as they come')
    .option('--monitor <name>', 'how it is called (default “default”)')
    .option('--config <file>', 'YAML with all of this and more: channels of alerts, limits')
    .option('--print-config', 'print what would be used, every default filled in')
    .option('--json', 'print each event as a line of JSON')
    .optionsGroup('Where:')
    .option('--data <folder>', 'of the database (default pixeldrift-data)')
    .option('--database <address>', 'postgres://… instead; or PIXELDRIFT_DATABASE')
    .option('--host <address>', 'to listen on (default 127.0.0.1: this machine alone)')
    .option('--port <number>', 'to listen on (default 8080; or PIXELDRIFT_PORT)', parsePort)
    .optionsGroup('Options:')
    .addHelpText('after', HELP_TEXTS.serve)
    .action(async (flags) =>
      finish(await (await import('./commands/serve.ts')).runServe(flags, context)),
    )
}

/** `send`. */
export function addSend(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('send')
    .description('send image files to a service, each once')
    .argument('<images>', 'a folder, an archive or a table of image files')
    .option('--to <address>', 'of the service (default http://localhost:8080; or PIXELDRIFT_URL)')
    .option('--monitor <name>', 'of the service (default “default”)')
    .option('--by <what>', 'tells sources apart: camera, folder, …')
    .option('--json', 'print the result as JSON')
    .addOption(labels())
    .addHelpText('after', HELP_TEXTS.send)
    .action(async (images, flags) =>
      finish(await (await import('./commands/send.ts')).runSend(images, flags, context)),
    )
}

/** `token create`, `list` and `revoke`. */
export function addToken(program: Command, context: CommandContext, finish: Finish): void {
  const token = program
    .command('token')
    .description('make, list and revoke what lets others speak to the service')
    .addHelpText('after', HELP_TEXTS.token)
  const load = () => import('./commands/token.ts')
  withStoreFlags(token.command('create').description('print a new token, this once'))
    .option('--name <name>', 'whose it is')
    .addOption(
      new Option('--scope <what>', 'what it is for, several by commas (default ingest)').argParser(
        parseScopes,
      ),
    )
    .option('--days <count>', 'for so long (default for ever)', parseCount)
    .action(async (flags) => finish(await (await load()).runTokenCreate(flags, context)))
  withStoreFlags(token.command('list').description('what there is, without the secrets')).action(
    async (flags) => finish(await (await load()).runTokenList(flags, context)),
  )
  withStoreFlags(
    token.command('revoke').description('at once').argument('<id>', 'as listed'),
  ).action(async (id, flags) => finish(await (await load()).runTokenRevoke(id, flags, context)))
}

/** `backup` and `restore`. */
export function addBackup(program: Command, context: CommandContext, finish: Finish): void {
  const load = () => import('./commands/backup.ts')
  withStoreFlags(
    program
      .command('backup')
      .description('write all that a service holds into one file, while it is at work')
      .argument('<file>', 'where to write it'),
  )
    .addHelpText('after', HELP_TEXTS.backup)
    .action(async (path, flags) => finish(await (await load()).runBackup(path, flags, context)))
  withStoreFlags(
    program
      .command('restore')
      .description('put a backup back where there is nothing yet')
      .argument('<file>', 'a file written by backup'),
  )
    .addHelpText('after', HELP_TEXTS.restore)
    .action(async (path, flags) => finish(await (await load()).runRestore(path, flags, context)))
}

/** Flags that say where the service's database is. */
function withStoreFlags<Args extends unknown[], Flags extends OptionValues>(
  command: Command<Args, Flags>,
) {
  return command
    .option('--data <folder>', 'of the database (default pixeldrift-data)')
    .option('--database <address>', 'postgres://… instead; or PIXELDRIFT_DATABASE')
    .option('--config <file>', 'where both may stand')
}
