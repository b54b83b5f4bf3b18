import type { Confidence, Foreign, Judgement, Note } from '../verdict/index.ts'
import { formatCount, formatCountOf, formatPercent, formatRate } from './number-format.ts'

/** Everything a reader should know besides, in sentences without their ends. */
export function tellNotes({ repeats, foreign, notes }: Judgement): string[] {
  return [
    ...(repeats === undefined || repeats.leftOut === 0 ? [] : [tellLeftOut(repeats)]),
    ...(foreign === undefined ? [] : [tellForeign(foreign)]),
    ...notes.map(tellNote),
  ]
}

function tellLeftOut({ leftOut, of }: NonNullable<Judgement['repeats']>): string {
  const these = some({ images: leftOut, of }, 'repeats another and is', 'repeat others and are')
  return `${these} left out of the comparison, which is of different ones alone`
}

/** Images named in a sentence. */
const NAMED = 5

function tellForeign({ images, of, named, falseDiscoveryRate }: Foreign): string {
  const names = named.slice(0, NAMED).map(({ id }) => id)
  const others = images - names.length
  const list = [...names, ...(others > 0 ? [formatCountOf(others, 'other')] : [])]
  return `${some({ images, of }, 'looks', 'look')} like nothing in the reference: ${joinWords(list)}; on average at most ${formatPercent(falseDiscoveryRate)} of images named so are named by chance`
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** A note of a judgement as a person reads it; begins small, for a place behind a colon. */
export function tellNote(note: Note): string {
  switch (note.code) {
    case 'learned':
      return `${some(note, 'was', 'were')} used to fit this detector and ${note.images === 1 ? 'is' : 'are'} left out of the comparison: it knows them too well to judge by them`
    case 'held-out':
      return `${some(note, 'is a held-out reference image', 'are held-out reference images')} of this detector, compared with ${note.images === 1 ? 'itself' : 'themselves'}, which is quieter than new images are`
    case 'copies':
      return `${some(note, 'is an exact copy of another', 'are exact copies of others')} in this batch`
    case 'source':
      return note.text
    case 'unused-vectors':
      return `${note.names.join(' and ')} given beside the images are not used: the reference had none`
    case 'small-batch':
      return `with ${formatCountOf(note.images, 'image')}, a change of every tenth image is absent from the batch ${Math.round(100 * note.missed)}% of the time`
    case 'sampled':
      return `tested on a random sample of ${formatCount(note.images)} of ${formatCountOf(note.of, 'image')}; the loss is of all of them`
    case 'unreadable':
      return `${formatCount(note.images)} of ${formatCountOf(note.of, 'image')} could not be read`
    case 'large-batch':
      return `the batch is large for ${formatCountOf(note.reference, 'held-out reference image')}: above ${formatCount(note.largest)}, a twentieth, this detector’s own false-alarm rate may differ from the stated one; ${adviceOn(note.more)}`
    case 'few-blocks':
      return `no alarm is possible: ${formatCountOf(note.blocks, 'block')} against ${formatCount(note.reference)} of the reference can't reach p ≤ ${formatRate(note.level)}; check more blocks together, or fit on more`
    case 'outputs-untrusted':
      return `the classifier’s outputs do not count: it may have been trained on the reference images${note.confidence === null ? '' : `; it is less sure here than on the held-out images ${fallOf(note.confidence)}, as a classifier is that was trained on those`}`
    case 'outputs-alone':
      return `only the classifier’s outputs changed, towards less sure ${fallOf(note.confidence)}: if it was trained on the reference images, this is memory and no drift`
    case 'files-not-compared':
      return `the ${note.arrays === 'batch' ? 'images of this batch' : 'reference images'} came as arrays, the ${note.arrays === 'batch' ? 'reference' : 'images of this batch'} as files: format, compression, bit depth and camera of the files are not compared`
    case 'decoding':
      return `the detector was fitted on pictures decoded and resized by ${note.fitted ?? OLDER}, now by ${note.now ?? OLDER}: pixels may differ by a few grey levels, which can pass for drift; fit anew to be sure`
  }
}

const OLDER = 'an older version'

/** `1 of 20 images was`, `3 of 20 images were`. */
function some(
  { images, of }: { readonly images: number; readonly of: number },
  one: string,
  more: string,
): string {
  return `${formatCount(images)} of ${formatCountOf(of, 'image')} ${images === 1 ? one : more}`
}

function adviceOn(more: Extract<Note, { code: 'large-batch' }>['more']): string {
  switch (more) {
    case null:
      return 'send smaller batches'
    case 'reference':
      return 'bring more reference images, or send smaller batches'
    case 'max-images':
      return 'raise --max-images, or send smaller batches'
    case 'images':
      return 'fit on more images, or send smaller batches'
  }
}

function fallOf({ reference, batch }: Confidence): string {
  return `(mean confidence ${sureness(reference)} → ${sureness(batch)})`
}

/** Three digits of what is missing to 1, so that 0.9996 doesn’t read 1. */
function sureness(confidence: number): string {
  return confidence > 0.999 ? 'over 0.999' : confidence.toFixed(3)
}
