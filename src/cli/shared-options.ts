/** Options that several commands have, or that need more than a line. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { FILE_TRAITS } from '../file-properties.ts'
import { parseNumbers, parseSize } from './classifier-flags.ts'
import { parseCount, parseShare } from './number-flags.ts'

/** An option with a fixed list of values. */
export function choice<Flags extends string, const Values extends readonly string[]>(
  flags: Flags,
  text: string,
  values: Values,
) {
  return new Option(flags, text).choices(values)
}

/** `--labels`: where images have their labels from. */
export function labels() {
  return new Option('--labels <from>', 'take labels from folders, parent-folders, or a file')
}

/** `--column`: which of several arrays or columns. */
export function column() {
  return new Option('--column <name>', 'array or column that holds the images')
}

/** `--layout`: the order of a four-axis array's axes. */
export function layout() {
  return choice('--layout <order>', 'of an array’s axes', ['nchw', 'nhwc'])
}

/** `--reference`: a reference of its own. */
export function reference() {
  const text = 'baseline from these instead: images the classifier has not seen'
  return new Option('--reference <images>', text)
}

/** `--limit`: how many images to read. */
export function limit() {
  return new Option('--limit <count>', 'read only the first images').argParser(parseCount)
}

/** `--pixel-limit`: the guard against decompression bombs. */
export function pixelLimit() {
  const text = 'skip images with more pixels (default 100 million)'
  return new Option('--pixel-limit <count>', text).argParser(parseCount)
}

/** `--classifier-size`: where the model leaves its sides open. */
export function classifierSize() {
  const text = 'height and width it takes, where it leaves them open'
  return new Option('--classifier-size <sides>', text).argParser(parseSize)
}

/** `--classifier-mean`: what the model was trained to have subtracted. */
export function classifierMean() {
  const text = 'then subtract, one number or one a channel'
  return new Option('--classifier-mean <numbers>', text).argParser(parseNumbers)
}

/** `--probabilities`: what the user's own classifier said, as softmax makes it. */
export function probabilities() {
  return new Option('--probabilities <file>', 'NPY of its probabilities, a row per image')
}

/** `--logits`: the same, before the softmax. */
export function logits() {
  return new Option('--logits <file>', 'NPY of its scores before the softmax, instead')
}

/** `--embeddings`: what a layer inside the user's own model said. */
export function embeddings() {
  return new Option('--embeddings <file>', 'NPY of its embeddings, a row per image')
}

/** `--strict`: no image may be skipped. */
export function strict() {
  return new Option('--strict', 'stop at the first unreadable image instead of skipping it')
}

/** `--false-alarm-rate`: the default policy. */
export function falseAlarmRate(usual: string) {
  const text = `alarms per clean batch (default ${usual})`
  return new Option('--false-alarm-rate <rate>', text).argParser(parseShare)
}

/** `--threshold`: the published policy. */
export function threshold() {
  const text = 'alarm on this relative rise of the mean loss instead, e.g. 10%'
  return new Option('--threshold <share>', text).argParser(parseShare)
}

/** `--features`: which groups take part in the test. */
export function features() {
  const text =
    'test only these: property, place, reconstruction, code, component, witness, outlier, …'
  return new Option('--features <groups>', text).argParser(parseNames)
}

/** Names separated by commas. */
export function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.every((name) => name !== '')) return names
  throw new InvalidArgumentError('Expected names separated by commas.')
}

const SCOPES = ['ingest', 'read', 'admin'] as const

/** What a token is for. */
export function parseScopes(text: string): (typeof SCOPES)[number][] {
  return parseNames(text).map((name) => {
    const found = SCOPES.find((scope) => scope === name)
    if (found !== undefined) return found
    throw new InvalidArgumentError(`Allowed choices are ${SCOPES.join(', ')}.`)
  })
}

/** `--tolerate-files`: what of the files themselves is no drift. */
export function tolerateFiles() {
  const text = `of the files these may change: ${FILE_TRAITS.join(', ')}, or all`
  return new Option('--tolerate-files <names>', text).argParser(parseTraits)
}

function parseTraits(text: string): string[] {
  return text === 'all' ? [...FILE_TRAITS] : parseNames(text)
}

const DEVICES = ['cpu', 'cuda', 'coreml', 'dml', 'webgpu'] as const

/** `--device`: where to compute. */
export function device() {
  return choice('--device <name>', 'where to compute', DEVICES)
}

/** `--threads`: how many threads of the processor. */
export function threads() {
  return new Option('--threads <count>', 'processor threads (default all)').argParser(parseCount)
}
