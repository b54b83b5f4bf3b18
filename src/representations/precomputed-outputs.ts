import { DriftError } from '../errors.ts'
import {
  classifierColumns,
  type ClassifierOutputKind,
  classifierTable,
} from './classifier/output-columns.ts'
import { copyRows } from './feature-table.ts'
import { requireInput } from './inputs.ts'
import type { Representation } from './representation.ts'
import type { RepresentationKind } from './representation-kind.ts'
import { decodeJson, encodeJson, requireCount, type SavedFiles } from './saved-files.ts'

const name = 'precomputed-outputs'
/** As artifacts have it. */
const settingsFile = 'given-outputs.json'

/** What is to be known of outputs computed beforehand, given beside the images. */
export type PrecomputedOutputsSettings = {
  readonly kind: ClassifierOutputKind
  /** Outputs per image, as given; one means two classes. */
  readonly length: number
}

/**
 * The features of outputs that the user's own classifier computed elsewhere: the same as of one run here. Nothing is
 * learned: the columns follow from the kind and the number of outputs.
 */
export function createPrecomputedOutputs({
  kind,
  length,
}: PrecomputedOutputsSettings): Representation {
  const classes = Math.max(2, length)
  return {
    kind: name,
    columns: classifierColumns(classes, kind),
    needs: { of: kind, length },
    classes: { count: classes },
    measureInto: async (inputs, target) => {
      const outputs = requireInput(inputs, kind)
      if (outputs.shape[1] !== length) {
        throw new RangeError(`expected ${length} outputs per image, got ${outputs.shape[1]}`)
      }
      const { values, columns } = classifierTable(outputs, { kind })
      copyRows({ values, width: columns.length }, target)
    },
    save: () => new Map([[settingsFile, encodeJson({ kind, length })]]),
  }
}

/** Rebuilds what `save` wrote. */
export function loadPrecomputedOutputs(files: SavedFiles): Representation {
  const saved = decodeJson(files, settingsFile)
  const { kind } = saved
  if (kind === 'logits' || kind === 'probabilities') {
    return createPrecomputedOutputs({ kind, length: requireCount(saved, 'length') })
  }
  throw new DriftError(
    'artifact.corrupt',
    `expected logits or probabilities in ${settingsFile}, got ${String(kind)}`,
  )
}

/** The outputs that come beside the images: probabilities, or else logits. */
export const precomputedOutputsKind: RepresentationKind = {
  name,
  file: settingsFile,
  isOptional: true,
  fit: ({ training: { sideInputs = {} } }) => {
    const { probabilities, logits } = sideInputs
    const outputs = probabilities ?? logits
    const kind = probabilities === undefined ? 'logits' : 'probabilities'
    return outputs && createPrecomputedOutputs({ kind, length: outputs.shape[1] })
  },
  load: loadPrecomputedOutputs,
}
