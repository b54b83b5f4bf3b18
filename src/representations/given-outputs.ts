import { DriftError } from '../errors.ts'
import type { Tensor } from '../tensor/index.ts'
import {
  classifierColumns,
  type ClassifierOutputKind,
  classifierTable,
} from './classifier/output-columns.ts'
import type { FeatureColumn } from './representation.ts'
import { decodeJson, encodeJson, requireCount, type SavedFiles } from './saved-files.ts'

const settingsFile = 'given-outputs.json'

/** What is to be known of outputs given beside the images. */
export type GivenOutputsSettings = {
  readonly kind: ClassifierOutputKind
  /** Outputs per image, as given; one means two classes. */
  readonly length: number
}

/** The features of outputs that the user's own classifier computed elsewhere: the same as of one run here. */
export type GivenOutputs = GivenOutputsSettings & {
  readonly columns: readonly FeatureColumn[]
  /** N × length outputs to N × columns.length values, row-major. */
  transform(outputs: Tensor): Float32Array
  save(): SavedFiles
}

/** Learns nothing: the columns follow from the kind and the number of outputs. */
export function createGivenOutputs({ kind, length }: GivenOutputsSettings): GivenOutputs {
  return {
    kind,
    length,
    columns: classifierColumns(Math.max(2, length), kind),
    transform: (outputs) => {
      if (outputs.shape[1] !== length) {
        throw new RangeError(`expected ${length} outputs per image, got ${outputs.shape[1]}`)
      }
      return classifierTable(outputs, { kind }).values
    },
    save: () => new Map([[settingsFile, encodeJson({ kind, length })]]),
  }
}

/** Rebuilds what `save` wrote. */
export function loadGivenOutputs(files: SavedFiles): GivenOutputs {
  const saved = decodeJson(files, settingsFile)
  const { kind } = saved
  if (kind === 'logits' || kind === 'probabilities') {
    return createGivenOutputs({ kind, length: requireCount(saved, 'length') })
  }
  throw new DriftError(
    'artifact.corrupt',
    `expected logits or probabilities in ${settingsFile}, got ${String(kind)}`,
  )
}
