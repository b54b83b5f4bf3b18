import { DriftError } from '../errors.ts'
import { modelOutputNamesOf, sideInputNamesOf, type SideInputs } from '../images/index.ts'
import type { ModelOutputLengths } from './extractor.ts'

/** Where model outputs may stand, as an error's hint says it. */
const PLACES =
  'Give them as for the reference: in the manifest or NPZ, or with --probabilities, --logits, --embeddings (options of openImages).'

/** Throws DriftError('config.invalid') when an output the reference had is missing, or has another length. */
export function requireModelOutputs(
  needed: ModelOutputLengths,
  sideInputs: SideInputs,
  location: string,
): void {
  for (const name of modelOutputNamesOf(needed)) {
    const rows = sideInputs[name]
    const length = needed[name]
    if (rows === undefined) {
      const got = modelOutputNamesOf(sideInputs).join(', ') || 'none'
      throw new DriftError(
        'config.invalid',
        `expected ${name} beside the images as in the reference, ${length} numbers an image, got ${got} in ${location}`,
        { hint: PLACES },
      )
    }
    if (rows.shape[1] === length) continue
    throw new DriftError(
      'config.invalid',
      `expected ${name} of ${length} numbers an image as in the reference, got ${rows.shape[1]} in ${location}`,
      {
        hint: 'They have to come from the model the reference’s came from; for another, fit anew.',
      },
    )
  }
}

/** Numbers per image of each model output there is. */
export function lengthsOf(sideInputs: SideInputs): ModelOutputLengths {
  return Object.fromEntries(
    modelOutputNamesOf(sideInputs).map((name) => [name, sideInputs[name]?.shape[1] ?? 0]),
  )
}

/** Of the vectors that were sideInputs, those that are needed; and what the files say. */
export function pickSideInputs(sideInputs: SideInputs, needed: ModelOutputLengths): SideInputs {
  const picked = sideInputNamesOf(sideInputs).filter(
    (name) => name === 'files' || needed[name] !== undefined,
  )
  return Object.fromEntries(picked.map((name) => [name, sideInputs[name]]))
}

/** Throws DriftError('config.invalid') when outputs are given and a classifier is to compute its own. */
export function requireOneClassifier(sideInputs: SideInputs, location: string): void {
  const name = modelOutputNamesOf(sideInputs).find((one) => one !== 'embeddings')
  if (name === undefined) return
  throw new DriftError(
    'config.invalid',
    `expected a classifier or ${name} beside the images, got both: ${name} in ${location}`,
    { hint: `Leave out the classifier, or the ${name}; embeddings may be given beside either.` },
  )
}
