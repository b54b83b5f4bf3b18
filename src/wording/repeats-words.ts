import type { Answer, Judgement, Repeats } from '../verdict/index.ts'
import { formatCount, formatCountOf } from './number-format.ts'

/** What repeats, as a person reads it; begins small, for a place behind a colon. */
export function tellRepeats(repeats: Repeats): string {
  const { kind, images, of, different, isNear } = repeats
  const these = `${formatCount(images)} of ${formatCountOf(of, 'image')}`
  switch (kind) {
    case 'frozen':
      return `${these} are ${isNear ? 'nearly the same' : 'copies of one image'}: the feed seems to be frozen`
    case 'loop':
      return `${formatCount(different)} different images repeat in turn${isNear ? ', nearly the same each time' : ''}: a loop`
    case 'each':
      return `every image came ${timesOf(repeats)}${isNear ? ', nearly the same each time' : ''}`
    case 'some':
      return isNear
        ? `${these} ${images === 1 ? 'is' : 'are'} nearly the same as another`
        : `${these} ${images === 1 ? 'is a copy of another' : 'are copies of others'}`
  }
}

/** The same in a few words. */
export function repeatsHeadline(repeats: Repeats): string {
  switch (repeats.kind) {
    case 'frozen':
      return 'The feed seems to be frozen'
    case 'loop':
      return 'The same images come in a loop'
    case 'each':
      return `Every image came ${timesOf(repeats)}`
    case 'some':
      return 'Many images repeat others'
  }
}

function timesOf({ times = 2 }: Repeats): string {
  return times === 2 ? 'twice' : `${formatCount(times)} times`
}

/** Those that are named before anything else: many of the images. */
export function manyRepeats({ repeats }: Pick<Judgement, 'repeats'>): Repeats | undefined {
  return repeats?.areMany === true ? repeats : undefined
}

/** What to do about them. */
export function afterRepeats(repeats: Repeats): Answer {
  return {
    lead: `Find out why ${WHY[repeats.kind]}.`,
    more: [
      'Look at the camera, and at whatever hands its images on: a queue, a folder, a program that tries again.',
      'Are they repeated by nature? Then fit on images that are too.',
    ],
  }
}

const WHY: Readonly<Record<Repeats['kind'], string>> = {
  frozen: 'the feed stands still',
  loop: 'the same images come again and again',
  each: 'images come more than once',
  some: 'images come more than once',
}
