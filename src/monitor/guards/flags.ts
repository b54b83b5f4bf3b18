import { type Guard, type GuardName, NO_SIGN } from './guard.ts'
import type { GuardReference, ImageNumbers } from './guard-reference.ts'

/** Something that is true of an image or not; of more than a tenth of the reference it may be true of any. */
type Flag = {
  readonly name: GuardName
  readonly explains?: readonly GuardName[]
  /** Follows “30 of the last 50 images”. */
  readonly says: string
  /** Undefined where the reference says nothing of it. */
  of(reference: GuardReference): ((image: ImageNumbers) => boolean) | undefined
}

const MOST_BY_NATURE = 0.1

function flagGuard({ name, explains = [], says, ...flag }: Flag): Guard {
  return {
    name,
    raisedFrom: 0.5,
    overBelow: 0.2,
    explains,
    prepare: (reference) => {
      const is = flag.of(reference)
      if (is === undefined || reference.shareOf(is) >= MOST_BY_NATURE) return () => NO_SIGN
      return ({ numbers }) => {
        const count = numbers.filter((image) => is(image)).length
        return {
          share: count / Math.max(1, numbers.length),
          summary: `${count} of the last ${numbers.length} images ${says}.`,
        }
      }
    },
  }
}

/** Smallest and largest of the reference images; NaN where there is no such column. */
function rangeOf(
  reference: GuardReference,
  column: string,
): readonly [smallest: number, largest: number] {
  const values = reference.ascending(column)
  return [values[0] ?? Number.NaN, values.at(-1) ?? Number.NaN]
}

const LEVEL = 1 / 255

/** One tone alone; a frame with noise is another thing. */
function isConstant(image: ImageNumbers): boolean {
  return image('maximum') - image('minimum') < LEVEL / 2
}

/** Black, white or any other tone, and nothing on it. */
export const constantFrame = flagGuard({
  name: 'constant-frame',
  explains: ['value-range', 'repeated-frame', 'near-duplicates', 'greyscale', 'channel-order'],
  says: 'are of one tone alone, with nothing on it',
  of: () => isConstant,
})

/** Another ratio of width and height than any reference image, beyond rounding. */
export const wrongShape = flagGuard({
  name: 'wrong-shape',
  explains: ['resized'],
  says: 'are wider or narrower for their height than any image of the reference',
  of: (reference) => {
    if (reference.tolerates('size')) return undefined
    const [narrowest, widest] = rangeOf(reference, 'aspect-ratio')
    return (image) =>
      image('aspect-ratio') < 0.98 * narrowest || image('aspect-ratio') > 1.02 * widest
  },
})

/** Larger or smaller than any reference image: they were resized elsewhere, or not any more. */
export const resized = flagGuard({
  name: 'resized',
  says: 'are larger or smaller than any image of the reference',
  of: (reference) => {
    if (reference.tolerates('size')) return undefined
    const isOutside = (column: string) => {
      const [smallest, largest] = rangeOf(reference, column)
      return (image: ImageNumbers) => image(column) < smallest || image(column) > largest
    }
    const [width, height] = [isOutside('image-width'), isOutside('image-height')]
    return (image) => width(image) || height(image)
  },
})

/** Codes of `file-channels`: colour, colour with transparency, CMYK. */
const COLOUR = new Set([3, 4, 5])

/** Without colour where the reference has it, or with it where the reference is of grey files. */
export const greyscale = flagGuard({
  name: 'greyscale',
  explains: ['channel-order'],
  says: 'are grey where the reference is in colour, or in colour where it is grey',
  of: (reference) => {
    const isGrey = (image: ImageNumbers): boolean => image('colourless-fraction') > 0.999
    const isColourFile = (image: ImageNumbers): boolean =>
      Number.isNaN(image('colourless-fraction')) && COLOUR.has(image('file-channels'))
    return reference.tolerates('channels')
      ? isGrey
      : (image) => isGrey(image) || isColourFile(image)
  },
})

/** Darker than three levels everywhere, or of black and white alone: 0–1 was taken for 0–255, or the other way. */
export const valueRange = flagGuard({
  name: 'value-range',
  explains: ['repeated-frame', 'near-duplicates', 'greyscale', 'channel-order'],
  says: 'are nearly black, or of black and white alone, as where values of 0 to 1 are taken for 0 to 255 or the other way',
  of: () => (image) =>
    !isConstant(image) &&
    (image('maximum') < 3.5 * LEVEL || image('zero-fraction') + image('one-fraction') > 0.95),
})
