import { type Detector, loadDetector } from '../../detector/index.ts'

/** Detectors that a process has loaded, those it needed last. */
export type DetectorShelf = {
  /** Undefined where it is not there and no bytes were given. */
  take(id: string, artifact: Uint8Array | undefined): Promise<Detector | undefined>
}

/** Some 20 MB each. */
const MOST_LOADED = 4

/** An empty one. */
export function createDetectorShelf(): DetectorShelf {
  const loaded = new Map<string, Promise<Detector>>()
  return {
    take: async (id, artifact) => {
      const known = loaded.get(id)
      if (known === undefined && artifact === undefined) return undefined
      loaded.delete(id)
      const detector = known ?? loadDetector(artifact as Uint8Array, { threads: 1 })
      loaded.set(id, detector)
      detector.catch(() => loaded.delete(id))
      for (const [oldest, other] of loaded) {
        if (loaded.size <= MOST_LOADED) break
        loaded.delete(oldest)
        void other.then((closing) => closing.close())
      }
      return detector
    },
  }
}
