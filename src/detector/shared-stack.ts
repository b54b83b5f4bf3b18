import { DriftError } from '../errors.ts'
import type { FeatureStack } from '../measuring/index.ts'

/** One holder's hand on a stack whose runtime sessions several detectors share. */
export type StackHold = {
  /** The stack, as long as this holder has not closed it; its `close` is this hold's. */
  readonly stack: FeatureStack
  /** Work that `close` waits for. */
  use<T>(work: () => Promise<T>): Promise<T>
  /** Throws DriftError('resource.closed') once closed. */
  requireOpen(): void
  /** A hold of its own for another detector. */
  share(): StackHold
  /** Waits for the work that runs, then lets go; the last of all holds frees the sessions. A second call does nothing more. */
  close(): Promise<void>
}

/** The first hold on a stack. */
export function holdStack(stack: FeatureStack): StackHold {
  let holders = 0
  const release = async (): Promise<void> => {
    holders--
    if (holders === 0) await stack.close()
  }
  const hold = (): StackHold => {
    holders++
    return createHold(stack, { hold, release })
  }
  return hold()
}

type Sharing = { readonly hold: () => StackHold; readonly release: () => Promise<void> }

function createHold(stack: FeatureStack, { hold, release }: Sharing): StackHold {
  const running = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined
  const requireOpen = (): void => {
    if (closing === undefined) return
    throw new DriftError('resource.closed', 'expected an open detector, got one that was closed', {
      hint: 'Close it after its last check, or load it again with loadDetector.',
    })
  }
  const use = async <T>(work: () => Promise<T>): Promise<T> => {
    requireOpen()
    const result = work()
    running.add(result)
    return result.finally(() => running.delete(result))
  }
  const close = (): Promise<void> => {
    closing ??= Promise.allSettled(running).then(release)
    return closing
  }
  return {
    stack: guardStack(stack, { use, close }),
    use,
    requireOpen,
    share: () => {
      requireOpen()
      return hold()
    },
    close,
  }
}

/** The stack with everything that runs a session guarded. */
function guardStack(
  stack: FeatureStack,
  { use, close }: Pick<StackHold, 'use' | 'close'>,
): FeatureStack {
  const { autoencoder } = stack
  return {
    ...stack,
    transform: (pixels, sideInputs) => use(() => stack.transform(pixels, sideInputs)),
    autoencoder: {
      ...autoencoder,
      measureInto: (inputs, target) => use(() => autoencoder.measureInto(inputs, target)),
      reconstruct: (pixels) => use(() => autoencoder.reconstruct(pixels)),
      close,
    },
    close,
  }
}
