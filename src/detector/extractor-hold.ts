import { DriftError } from '../errors.ts'
import type { Extractor } from '../measuring/index.ts'

/** One holder's hand on an extractor whose runtime sessions several detectors share. */
export type ExtractorHold = {
  /** The extractor, as long as this holder has not closed it; its `close` is this hold's. */
  readonly extractor: Extractor
  /** Work that `close` waits for. */
  use<T>(work: () => Promise<T>): Promise<T>
  /** Throws DriftError('resource.closed') once closed. */
  requireOpen(): void
  /** A hold of its own for another detector. */
  share(): ExtractorHold
  /** Waits for the work that runs, then lets go; the last of all holds frees the sessions. A second call does nothing more. */
  close(): Promise<void>
}

/** The first hold on an extractor. */
export function holdExtractor(extractor: Extractor): ExtractorHold {
  let holders = 0
  const release = async (): Promise<void> => {
    holders--
    if (holders === 0) await extractor.close()
  }
  const hold = (): ExtractorHold => {
    holders++
    return createHold(extractor, { hold, release })
  }
  return hold()
}

type Sharing = { readonly hold: () => ExtractorHold; readonly release: () => Promise<void> }

function createHold(extractor: Extractor, { hold, release }: Sharing): ExtractorHold {
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
    extractor: guardExtractor(extractor, { use, close }),
    use,
    requireOpen,
    share: () => {
      requireOpen()
      return hold()
    },
    close,
  }
}

/** The extractor with everything that runs a session guarded. */
function guardExtractor(
  extractor: Extractor,
  { use, close }: Pick<ExtractorHold, 'use' | 'close'>,
): Extractor {
  const { autoencoder } = extractor
  return {
    ...extractor,
    transform: (pixels, sideInputs) => use(() => extractor.transform(pixels, sideInputs)),
    autoencoder: {
      ...autoencoder,
      measureInto: (inputs, target) => use(() => autoencoder.measureInto(inputs, target)),
      reconstruct: (pixels) => use(() => autoencoder.reconstruct(pixels)),
      close,
    },
    close,
  }
}
