import type { Repeats } from '../../verdict/index.ts'
import { capitalise, tellRepeats } from '../../wording/index.ts'
import { type Guard, NO_SIGN, type Sign } from './guard.ts'

/** Of slow film now more, now less repeats: it is over when at so many looks in a row none of the last images did. */
const CALM_LOOKS = 5

/** One image comes again and again. */
export const repeatedFrame: Guard = {
  name: 'repeated-frame',
  raisedFrom: 0.2,
  overBelow: 0.1,
  calmLooks: CALM_LOOKS,
  explains: ['near-duplicates'],
  prepare:
    () =>
    ({ repeats }, wasRaised) =>
      // A feed that moves on by starts still stands still: what repeats is no longer one image alone.
      repeats?.kind === 'frozen' || (wasRaised && repeats) ? signOf(repeats) : NO_SIGN,
}

/** Images repeat others, exactly or nearly. */
export const nearDuplicates: Guard = {
  name: 'near-duplicates',
  raisedFrom: 0.2,
  overBelow: 0.1,
  calmLooks: CALM_LOOKS,
  prepare:
    () =>
    ({ repeats }) =>
      repeats === undefined ? NO_SIGN : signOf(repeats),
}

function signOf(repeats: Repeats): Sign {
  const summary = `${capitalise(tellRepeats(repeats))}.`
  return { share: repeats.again / repeats.of, summary }
}
