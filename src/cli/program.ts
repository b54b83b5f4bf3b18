import { Command, Help, Option, type OptionValues } from '@commander-js/extra-typings'
import { HELP_TEXTS } from './help-texts.ts'
import { parseNumbers, parseScale } from './classifier-flags.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { parseCount, parseCounts, parseInteger } from './number-flags.ts'
import {
  choice,
  classifierMean,
  classifierSize,
  column,
  device,
  embeddings,
  falseAlarmRate,
  features,
  labels,
  layout,
  limit,
  logits,
  parseNames,
  pixelLimit,
  probabilities,
  reference,
  strict,
  threads,
  threshold,
  tolerateFiles,
} from './shared-options.ts'
import { addBackup, addSend, addServe, addToken } from './service-commands.ts'
import { parseShard } from './shard-flag.ts'
import { parseStrengths } from './tolerance-flag.ts'

type Finish = (code: ExitCode) => void

/** The command line; each command's code is loaded when it runs. `finish` receives its exit code. */
export function createProgram(
  context: CommandContext,
  version: string,
  finish: Finish,
): Pick<Command, 'parseAsync'> {
  const program = new Command('pixeldrift')
    .description(
      'Tells you that the images sent to your classifier have drifted, before its accuracy does.',
    )
    .version(version)
    // With all that they take, the names would leave no room for what they do.
    .configureHelp({
      subcommandTerm: (command) => new Help().subcommandTerm(command).replace(' [options]', ''),
    })
    .showHelpAfterError('(run with --help for examples)')
    .exitOverride()
    .addHelpText('after', HELP_TEXTS.overview)
  addFit(program, context, finish)
  addCheck(program, context, finish)
  addStream(program, context, finish)
  addRehearse(program, context, finish)
  addMeasure(program, context, finish)
  addRebaseline(program, context, finish)
  addInspect(program, context, finish)
  addExport(program, context, finish)
  addServe(program, context, finish)
  addSend(program, context, finish)
  addToken(program, context, finish)
  addBackup(program, context, finish)
  addDemo(program, context, finish)
  return program
}

function addFit(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('fit')
    .description('learn what the reference images look like')
    .argument('<images>', 'images like those the classifier was trained on')
    .option('-o, --out <file>', 'where to write the detector')
    .option('--json', 'print the result as JSON')
    .optionsGroup('Images:')
    .addOption(reference())
    .addOption(limit())
    .option('--max-images <count>', 'images to draw at random at most (default 30000)', parseCount)
    .option('--size <pixels>', 'longest side of the working image (default 64)', parseCount)
    .addOption(choice('--resize <how>', 'to that size', ['stretch', 'cover', 'contain']))
    .addOption(labels())
    .addOption(column())
    .addOption(layout())
    .addOption(pixelLimit())
    .addOption(strict())
    .optionsGroup('When to alarm:')
    .addOption(falseAlarmRate('0.01'))
    .addOption(threshold())
    .option('--tolerate <changes>', 'take changes of this strength for normal', parseStrengths)
    .addOption(tolerateFiles())
    .option('--block-by <what>', 'images that share it belong together: folder, label, timestamp …')
    .addOption(features())
    .option('--batch-sizes <counts>', 'make tests of batches of these sizes fast', parseCounts)
    .optionsGroup('Your own classifier:')
    .option('--classifier <file>', 'ONNX model whose outputs join the features')
    .addOption(classifierSize())
    .option('--classifier-scale <number>', 'multiply pixels in [0, 1] by this first', parseScale)
    .addOption(classifierMean())
    .option('--classifier-std <numbers>', 'then divide, likewise', parseNumbers)
    .addOption(choice('--classifier-layout <order>', 'of the axes', ['nchw', 'nhwc']))
    .addOption(choice('--classifier-order <order>', 'of the colours', ['rgb', 'bgr']))
    .option('--classifier-output <name>', 'of several outputs')
    .option('--class-names <names>', 'of its outputs in order: cat,dog,… or a file, a name a line')
    .addOption(probabilities())
    .addOption(logits())
    .addOption(embeddings())
    .option('--reference-probabilities <file>', 'the same of the images of --reference')
    .option('--reference-logits <file>', 'likewise')
    .option('--reference-embeddings <file>', 'likewise')
    .option('--unseen-by-classifier', 'it was trained on none of these images: its outputs count')
    .addOption(new Option('--unseen').hideHelp().implies({ unseenByClassifier: true }))
    .optionsGroup('Training:')
    .addOption(choice('--preset <name>', 'autoencoder', ['default', 'recipe']))
    .option('--epochs <count>', 'passes over the training images', parseCount)
    .option('--seed <number>', 'seed of every random choice (default 0)', parseInteger)
    .option('--resume <file>', 'keep the training state here; a stopped fit goes on from it')
    .addOption(device())
    .addOption(threads())
    .optionsGroup('Options:')
    .addHelpText('after', HELP_TEXTS.fit)
    .action(async (images, given, command) => {
      const flags = requireOut(given, command)
      finish(await (await import('./commands/fit.ts')).runFit(images, flags, context))
    })
}

function addCheck(program: Command, context: CommandContext, finish: Finish): void {
  withRuntimeFlags(
    program
      .command('check')
      .description('compare a batch of images with the reference')
      .argument('<detector>', 'a file written by fit')
      .argument('<images...>', 'the batch, or files written by measure')
      .option('-r, --report <file>', 'write a report: .html or .json')
      .option('--scores <file>', 'write every image’s scores as CSV')
      .option('--json', 'print the verdict as JSON')
      .optionsGroup('Images:')
      .addOption(limit())
      .addOption(labels())
      .addOption(column())
      .addOption(layout())
      .addOption(pixelLimit())
      .addOption(strict())
      .optionsGroup('When to alarm:')
      .addOption(falseAlarmRate('as fitted'))
      .addOption(threshold())
      .addOption(choice('--mode <name>', 'of the window test', ['auto', 'exact', 'fast']))
      .addOption(tolerateFiles())
      .option('--seed <number>', 'seed of the test’s random draws (default 0)', parseInteger),
  )
    .addHelpText('after', HELP_TEXTS.check)
    .action(async (detector, images, flags) => {
      const { runCheck } = await import('./commands/check.ts')
      finish(await runCheck({ detector, images }, flags, context))
    })
}

function addStream(program: Command, context: CommandContext, finish: Finish): void {
  withRuntimeFlags(
    program
      .command('stream')
      .description('watch images one after the other, and say at once when they change')
      .argument('<detector>', 'a file written by fit')
      .argument('<images...>', 'images in order, or files written by measure')
      .option(
        '--state <file>',
        'go on where the last run stopped, and keep here where this one does',
      )
      .option(
        '-r, --report <file>',
        'write an HTML page: the evidence over time, what happened, pictures',
      )
      .option('--by <what>', 'watch each source by itself too: camera, folder, …')
      .option('--json', 'print each event as a line of JSON')
      .optionsGroup('When to alarm:')
      .option('--false-alarm-every <images>', 'so rarely at most (default 100000)', parseCount)
      .option('--calibrated', 'by simulation instead of proof')
      .option('--seed <number>', 'of what breaks ties (default 0)', parseInteger)
      .optionsGroup('Images:')
      .addOption(labels())
      .addOption(column())
      .addOption(layout())
      .addOption(pixelLimit()),
  )
    .addHelpText('after', HELP_TEXTS.stream)
    .action(async (detector, images, flags) => {
      const { runStream } = await import('./commands/stream.ts')
      finish(await runStream({ detector, images }, flags, context))
    })
}

function addRehearse(program: Command, context: CommandContext, finish: Finish): void {
  withRuntimeFlags(
    program
      .command('rehearse')
      .description('before going live: what past images would tell, and what would be missed')
      .argument('<detector>', 'a file written by fit')
      .argument('<history>', 'past images in order, 100 or more')
      .option('-r, --report <file>', 'write a report: .html or .json')
      .option('--json', 'print the result as JSON')
      .optionsGroup('How you will watch:')
      .option('--batch-size <images>', 'images of a batch (default 100)', parseCount)
      .option('--false-alarm-every <images>', 'of a stream (default 100000)', parseCount)
      .option('--within <images>', 'a change must be found so soon (default 1000)', parseCount)
      .option('--changes <names>', 'try only these: darker, blurred, … (default all)', parseNames)
      .option('--runs <count>', 'runs at each strength (default 20)', parseCount)
      .option('--seed <number>', 'of all draws (default 0)', parseInteger)
      .optionsGroup('Images:')
      .addOption(limit())
      .addOption(labels())
      .addOption(column())
      .addOption(layout())
      .addOption(pixelLimit()),
  )
    .addHelpText('after', HELP_TEXTS.rehearse)
    .action(async (detector, history, flags) => {
      const { runRehearse } = await import('./commands/rehearse.ts')
      finish(await runRehearse({ detector, history }, flags, context))
    })
}

function addMeasure(program: Command, context: CommandContext, finish: Finish): void {
  withRuntimeFlags(
    program
      .command('measure')
      .description('write the features of images, for check, now or elsewhere')
      .argument('<detector>', 'a file written by fit')
      .argument('<images>', 'what to measure')
      .option('-o, --out <file>', 'where to write them, as Parquet')
      .option('--shard <part>', 'measure only this part, e.g. 3/16', parseShard)
      .option('--json', 'print the result as JSON')
      .optionsGroup('Images:')
      .addOption(labels())
      .addOption(column())
      .addOption(layout())
      .addOption(pixelLimit())
      .addOption(strict()),
  )
    .addHelpText('after', HELP_TEXTS.measure)
    .action(async (...[detector, images, given, command]) => {
      const flags = requireOut(given, command)
      const { runMeasure } = await import('./commands/measure.ts')
      finish(await runMeasure({ detector, images }, flags, context))
    })
}

function addRebaseline(program: Command, context: CommandContext, finish: Finish): void {
  withRuntimeFlags(
    program
      .command('rebaseline')
      .description('compare with other reference images from now on')
      .argument('<detector>', 'a file written by fit')
      .argument('<images...>', 'the new reference, or files written by measure')
      .option('-o, --out <file>', 'where to write the changed detector')
      .option('--accept', 'write it; without this only say what would change')
      .option('--json', 'print the change as JSON')
      .optionsGroup('Images:')
      .addOption(limit())
      .addOption(labels())
      .addOption(column())
      .addOption(layout())
      .addOption(pixelLimit()),
  )
    .addHelpText('after', HELP_TEXTS.rebaseline)
    .action(async (...[detector, images, given, command]) => {
      const flags = requireOut(given, command)
      const { runRebaseline } = await import('./commands/rebaseline.ts')
      finish(await runRebaseline({ detector, images }, flags, context))
    })
}

/** Flags of what a detector needs beside the images and of where it computes, for every command that measures some. */
function withRuntimeFlags<Args extends unknown[], Flags extends OptionValues>(
  command: Command<Args, Flags>,
) {
  return command
    .optionsGroup('Your own classifier, where the reference came with its outputs:')
    .addOption(probabilities())
    .addOption(logits())
    .addOption(embeddings())
    .optionsGroup('Speed:')
    .addOption(device())
    .addOption(threads())
    .optionsGroup('Options:')
}

function addInspect(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('inspect')
    .description('say what a detector file holds')
    .argument('<detector>', 'a file written by fit')
    .option('--json', 'print it as JSON')
    .action(async (path, flags) =>
      finish(await (await import('./commands/inspect.ts')).runInspect(path, flags, context)),
    )
}

function addExport(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('export')
    .description('write the bare scoring model, for any ONNX runtime')
    .argument('<detector>', 'a file written by fit')
    .option('-o, --out <file>', 'where to write the .onnx file')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP_TEXTS.export)
    .action(async (path, given, command) => {
      const flags = requireOut(given, command)
      finish(await (await import('./commands/export.ts')).runExport(path, flags, context))
    })
}

type Refusing = { error(message: string, options: { readonly code: string }): never }

/** What `requiredOption` does, but after unknown flags were found: `--otu` is no missing `--out`. */
function requireOut<Flags extends { readonly out?: string }>(
  flags: Flags,
  command: Refusing,
): Flags & { readonly out: string } {
  const { out } = flags
  if (out !== undefined) return { ...flags, out }
  return command.error("error: required option '-o, --out <file>' not specified", {
    code: 'commander.missingMandatoryOptionValue',
  })
}

function addDemo(program: Command, context: CommandContext, finish: Finish): void {
  program
    .command('demo')
    .description('fit on handwritten digits, then check clean, noisy, foreign and dimmed images')
    .option('--out <folder>', 'where to write the reports', 'out/demo')
    .option('--seed <number>', 'seed of every random choice (default 0)', parseInteger)
    .option('--json', 'print the results as JSON')
    .action(async (flags) =>
      finish(await (await import('./commands/demo.ts')).runDemo(flags, context)),
    )
}
