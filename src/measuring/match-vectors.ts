import { DriftError } from '../errors.ts'
import { type GivenVectors, rowNamesOf, vectorNamesOf } from '../images/index.ts'
import type { VectorLengths } from './feature-stack.ts'

/** Where vectors may stand, as an error's hint says it. */
const PLACES =
  'Give them as for the reference: in the manifest or NPZ, or with --probabilities, --logits, --embeddings (options of openImages).'

/** Throws DriftError('config.invalid') when a vector the reference had is missing, or has another length. */
export function requireVectors(needed: VectorLengths, given: GivenVectors, location: string): void {
  for (const name of vectorNamesOf(needed)) {
    const rows = given[name]
    const length = needed[name]
    if (rows === undefined) {
      const got = vectorNamesOf(given).join(', ') || 'none'
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

/** Numbers per image of each vector there is. */
export function lengthsOf(given: GivenVectors): VectorLengths {
  return Object.fromEntries(vectorNamesOf(given).map((name) => [name, given[name]?.shape[1] ?? 0]))
}

/** Of the vectors that were given, those that are needed; and what the files say. */
export function pickVectors(given: GivenVectors, needed: VectorLengths): GivenVectors {
  const picked = rowNamesOf(given).filter((name) => name === 'files' || needed[name] !== undefined)
  return Object.fromEntries(picked.map((name) => [name, given[name]]))
}

/** Throws DriftError('config.invalid') when outputs are given and a classifier is to compute its own. */
export function requireOneClassifier(given: GivenVectors, location: string): void {
  const name = vectorNamesOf(given).find((one) => one !== 'embeddings')
  if (name === undefined) return
  throw new DriftError(
    'config.invalid',
    `expected a classifier or ${name} beside the images, got both: ${name} in ${location}`,
    { hint: `Leave out the classifier, or the ${name}; embeddings may be given beside either.` },
  )
}
