import { DriftError } from '../../errors.ts'
import {
  type EpochRecord,
  openSession,
  readModel,
  type Session,
  type SessionOptions,
} from '../../engine/index.ts'
import { concatenateRows, sliceRows, type Tensor } from '../../tensor/index.ts'
import { copyRows } from '../feature-table.ts'
import { requireInput } from '../inputs.ts'
import type { FeatureColumn, Representation } from '../representation.ts'
import { codeColumns, reconstructionColumns } from './scorer.ts'

/** A fitted autoencoder: per-image losses, its code, and the reconstructions themselves. */
export interface Autoencoder extends Representation {
  readonly kind: typeof AUTOENCODER
  readonly history: readonly EpochRecord[]
  /** Epoch whose parameters were kept. */
  readonly bestEpoch: number
  /** The ONNX scoring model. */
  readonly model: Uint8Array
  /** Pixels N×C×H×W to reconstructions of the same shape. */
  reconstruct(pixels: Tensor): Promise<Tensor>
  close(): Promise<void>
}

/** Name of the kind. */
export const AUTOENCODER = 'autoencoder'
/** The file of the scoring model. */
export const MODEL_FILE = 'autoencoder.onnx'
const HISTORY_FILE = 'autoencoder.json'

/** Values per scoring run: larger batches leave the processor's cache without being faster. */
const VALUES_PER_RUN = 1 << 17
const FEWEST_PER_RUN = 16

/** What is kept of a training. */
export type AutoencoderParts = {
  readonly model: Uint8Array
  readonly history: readonly EpochRecord[]
  readonly bestEpoch: number
}

/** Opens a scoring model made by `fitAutoencoder`. */
export async function openAutoencoder(
  parts: AutoencoderParts,
  options: SessionOptions = {},
): Promise<Autoencoder> {
  const columns = describeColumns(parts.model)
  const session = await openSession(parts.model, options)
  return {
    kind: AUTOENCODER,
    ...parts,
    columns,
    needs: { of: 'pixels' },
    measureInto: (inputs, target) => {
      const run = { pixels: requireInput(inputs, 'pixels'), output: 'columns' }
      return runInParts(session, run, (part, start) =>
        copyRows({ values: part.data, width: columns.length }, target, start),
      )
    },
    reconstruct: async (pixels) => {
      const pieces: Tensor[] = []
      await runInParts(session, { pixels, output: 'reconstruction' }, (piece) => pieces.push(piece))
      return concatenateRows(pieces)
    },
    save: () =>
      new Map([
        [MODEL_FILE, parts.model],
        [
          HISTORY_FILE,
          new TextEncoder().encode(
            JSON.stringify({ history: parts.history, bestEpoch: parts.bestEpoch }),
          ),
        ],
      ]),
    close: () => session.close(),
  }
}

/** Rebuilds what `save` wrote; throws DriftError('artifact.corrupt') when a file is missing. */
export async function loadAutoencoder(
  files: ReadonlyMap<string, Uint8Array>,
  options: SessionOptions = {},
): Promise<Autoencoder> {
  const model = files.get(MODEL_FILE)
  const history = files.get(HISTORY_FILE)
  if (model === undefined || history === undefined) {
    throw new DriftError(
      'artifact.corrupt',
      `expected ${MODEL_FILE} and ${HISTORY_FILE}, got ${[...files.keys()].join(', ')}`,
    )
  }
  const parsed = JSON.parse(new TextDecoder().decode(history)) as Omit<AutoencoderParts, 'model'>
  return openAutoencoder({ model, ...parsed }, options)
}

function describeColumns(model: Uint8Array): FeatureColumn[] {
  const { outputs } = readModel(model)
  const width = outputs.find(({ name }) => name === 'columns')?.shape[1]
  if (width === undefined || width < reconstructionColumns.length) {
    throw new DriftError(
      'artifact.corrupt',
      'expected a scoring model with an output named columns, got another model',
    )
  }
  return [...reconstructionColumns, ...codeColumns(width - reconstructionColumns.length)]
}

type Run = { readonly pixels: Tensor; readonly output: string }

/** Hands one output to `visit`, some rows at a time, with the number of the first. */
async function runInParts(
  session: Session,
  { pixels, output }: Run,
  visit: (part: Tensor, start: number) => void,
): Promise<void> {
  const [rows = 0, ...rest] = pixels.shape
  const values = rest.reduce((product, axis) => product * axis, 1)
  const step = Math.max(FEWEST_PER_RUN, Math.min(256, Math.floor(VALUES_PER_RUN / values)))
  for (let start = 0; start < rows; start += step) {
    const images = sliceRows(pixels, start, Math.min(start + step, rows))
    visit((await session.run({ images }, [output]))[output], start)
  }
}
