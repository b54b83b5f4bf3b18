import type { FitNote } from '../verdict/index.ts'

/** How a classifier's outputs come to count. */
export const WAYS_TO_TRUST =
  'Give images it has not seen as the reference (--reference <images>), or say that it has seen none of these (--unseen-by-classifier).'

/** A note of a fit as a person reads it; begins small, for a place behind a colon. */
export function tellFitNote(note: FitNote): string {
  switch (note.code) {
    case 'text':
      return note.text
    case 'outputs-untrusted':
      return `the classifier’s outputs do not count: it may have been trained on these images, and of those its outputs are memory${signOf(note)}. ${WAYS_TO_TRUST}`
    case 'outputs-suspicious':
      return `the classifier’s outputs count, as it is said not to have seen the reference; but ${agreement(note)}: if it was, every new batch will differ from it`
    case 'few-reference':
      return `only ${note.reference} held-out reference images: ${adviceOn(note)}`
    case 'not-used':
      return `${note.unused} of ${note.available} images were not used: ${note.available - note.unused} were drawn at random, ${note.isAsked ? 'as --max-images says' : 'as many of this size as are drawn unless --max-images says otherwise'}`
    case 'most-held-out':
      return `${note.reference} images are held out, the most there can be; all others are learned from`
    case 'reference-drawn':
      return `${note.drawn} of ${note.available} reference images were drawn at random, the most there can be`
    case 'left-out':
      return `${note.images} reference images are also among the images to learn from and were left out of the reference`
    case 'copies':
      return note.areLearned
        ? `${note.images} images are exact copies of held-out ones, too many to do without: the baseline is partly of images that were learned from`
        : `${note.images} images are exact copies of held-out ones and were not learned from`
    case 'unreadable':
      return `${note.images} of ${note.of} ${note.from === 'reference' ? 'reference images' : 'images to learn from'} could not be read`
    case 'untested-features':
      return `${note.names.length} of ${note.of} features are no evidence, since tolerated changes move them in ways of their own: ${note.names.join(', ')}`
    case 'unchanged-vectors':
      return `${note.names.join(' and ')} were given for unchanged images only: a tolerated change that alters them alarms`
  }
}

type Of<Code extends FitNote['code']> = Extract<FitNote, { readonly code: Code }>

function signOf({ right, labelled }: Of<'outputs-untrusted'>): string {
  return right === undefined || labelled === undefined ? '' : ` (${agreement({ right, labelled })})`
}

function agreement({ right, labelled }: { readonly right: number; readonly labelled: number }) {
  return `it is right on ${right} of ${labelled} labelled held-out images, as on images it was trained on`
}

function adviceOn({ largest, rateMayBeOff, more }: Of<'few-reference'>): string {
  const ways = more === 'max-images' ? 'raise --max-images' : 'bring more images'
  return rateMayBeOff
    ? `small changes stay unseen and the false-alarm rate may be off; ${ways}, a few thousand at least`
    : `keep batches to ${largest} images, or ${ways}`
}
