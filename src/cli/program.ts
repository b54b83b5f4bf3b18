import { Command, Option } from '@commander-js/extra-typings'
import type { CommandContext, ExitCode } from './context.ts'

const LABELS = 'take labels from: folders, parent-folders, or a file of labels'

/** The command line; each command's code is loaded when it runs. `finish` receives its exit code. */
export function createProgram(context: CommandContext, version: string, finish: (code: ExitCode) => void): Command {
  const program = new Command('pixeldrift')
    .description('Tells you that the images sent to your classifier have drifted, before its accuracy does.')
    .version(version)
    .showHelpAfterError('(run with --help for examples)')
    .addHelpText('after', EXAMPLES)
  addFit(program, context, finish)
  addCheck(program, context, finish)
  addSmallCommands(program, context, finish)
  return program as unknown as Command
}

type Finish = (code: ExitCode) => void

const EXAMPLES = `
Examples:
  $ pixeldrift fit training-images/ --out detector.pixeldrift
  $ pixeldrift check detector.pixeldrift todays-images/ --report report.html
  $ pixeldrift check detector.pixeldrift batch.npz --json
  $ pixeldrift demo

Images: a folder, .tar(.gz), .zip, IDX(.gz), .npy/.npz, .parquet, or a .csv/.jsonl manifest.
Exit codes: 0 no drift, 1 drift, 2 error or not enough images.`

function addFit(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('fit')
    .description('learn what the reference images look like')
    .argument('<images>', 'images like those the classifier was trained on')
    .requiredOption('-o, --out <file>', 'where to write the detector')
    .option('--false-alarm-rate <rate>', 'alarms per clean batch (default 0.01)')
    .option('--threshold <share>', 'alarm on this relative rise of the mean loss instead, e.g. 10%')
    .option('--tolerate <change=strength...>', 'take this for normal: rotation=10 (degrees), translation=0.1, noise=0.1, brightness=0.1, contrast=0.2')
    .addOption(new Option('--preset <name>', 'autoencoder').choices(['default', 'recipe']))
    .option('--size <pixels>', 'longest side of the working image (default 64)')
    .addOption(new Option('--resize <policy>', 'how other sizes are brought to it').choices(['stretch', 'cover', 'contain']))
    .option('--max-images <count>', 'reference images to draw at most (default 30000)')
    .option('--limit <count>', 'read only the first images')
    .option('--epochs <count>', 'passes over the training images')
    .option('--seed <number>', 'seed of every random choice (default 0)')
    .option('--labels <from>', LABELS)
    .option('--column <name>', 'array or column that holds the images')
    .option('--pixel-limit <count>', 'refuse images with more pixels (default 100 million)')
    .option('--resume <file>', 'keep the training state here; a killed fit goes on from it')
    .addOption(new Option('--device <name>', 'where to compute').choices(['cpu', 'cuda', 'coreml', 'dml', 'webgpu']))
    .option('--threads <count>', 'processor threads (default all)')
    .option('--strict', 'stop at the first unreadable image')
    .option('--json', 'print the result as JSON')
    .action(async (images, flags) => finish(await (await import('./commands/fit.ts')).runFit(images, flags, context)))
}

function addCheck(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('check')
    .description('compare a batch of images with the reference')
    .argument('<detector>', 'a file written by fit')
    .argument('<images>', 'the batch')
    .option('-r, --report <file>', 'write a report: .html or .json')
    .option('--scores <file>', 'write every image’s scores as CSV')
    .option('--false-alarm-rate <rate>', 'instead of the one the detector was fitted with')
    .option('--threshold <share>', 'alarm on this relative rise of the mean loss instead, e.g. 10%')
    .addOption(new Option('--mode <name>', 'window test').choices(['auto', 'exact', 'fast']))
    .option('--limit <count>', 'read only the first images')
    .option('--seed <number>', 'seed of the test’s random draws (default 0)')
    .option('--labels <from>', LABELS)
    .option('--column <name>', 'array or column that holds the images')
    .option('--pixel-limit <count>', 'refuse images with more pixels (default 100 million)')
    .option('--strict', 'stop at the first unreadable image')
    .option('--json', 'print the verdict as JSON')
    .action(async (detector, images, flags) =>
      finish(await (await import('./commands/check.ts')).runCheck(detector, images, flags, context)),
    )
}

function addSmallCommands(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('inspect')
    .description('say what a detector file holds')
    .argument('<detector>', 'a file written by fit')
    .option('--json', 'print it as JSON')
    .action(async (path, flags) => finish(await (await import('./commands/inspect.ts')).runInspect(path, flags, context)))
  program
    .command('export')
    .description('write the bare scoring model, for any ONNX runtime')
    .argument('<detector>', 'a file written by fit')
    .requiredOption('-o, --out <file>', 'where to write the .onnx file')
    .option('--json', 'print the result as JSON')
    .action(async (path, flags) => finish(await (await import('./commands/export.ts')).runExport(path, flags, context)))
  program
    .command('demo')
    .description('fit on handwritten digits, then check clean, noisy, foreign and dimmed images')
    .option('--out <folder>', 'where to write the reports', 'out/demo')
    .option('--seed <number>', 'seed of every random choice (default 0)')
    .option('--json', 'print the results as JSON')
    .action(async (flags) => finish(await (await import('./commands/demo.ts')).runDemo(flags, context)))
}
