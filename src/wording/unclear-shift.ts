import type { UnclearBecause } from '../verdict/index.ts'

/** Why the kind of a shift can't be told; follows a colon. */
export function tellUnclear(because: UnclearBecause = { code: 'neither-sure' }): string {
  switch (because.code) {
    case 'one-class-predicted':
      return 'the reference shows one predicted class only'
    case 'neither-sure':
      return 'neither is sure on its own'
    case 'few-labels':
      return 'too few reference images have labels'
    case 'one-label':
      return 'the labelled reference images are of one class only'
    case 'many-classes':
      return `${because.classes} classes are too many for the labelled reference images`
    case 'classes-confused':
      return 'the classifier does not tell the classes apart'
    case 'few-of-classes':
      return 'the reference holds too few images of the classes in this batch'
    case 'classifier-errs':
      return 'the classifier errs too often: what it gets wrong could hide or feign either'
    case 'errors-unknown':
      return 'the classifier’s errors could explain it; labels of the reference images would tell'
  }
}
