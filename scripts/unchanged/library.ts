import type * as pixeldrift from '../../src/index.ts'

type Saved = { save(): ReadonlyMap<string, Uint8Array> }

type Judged = {
  readonly exemplars?: Readonly<Record<string, readonly (number | { readonly place: number })[]>>
}

/** A verdict of any version: before version 2 its numbers were not apart. */
export type AnyVerdict = Judged & { readonly judgement?: Judged }

/** A detector of any version: what was learned had other names. */
export type AnyDetector = Pick<pixeldrift.Detector, 'close'> & {
  check(batch: pixeldrift.ImageSource, options?: pixeldrift.CheckOptions): Promise<AnyVerdict>
  readonly stack?: Saved
  readonly extractor?: Saved
  readonly reference?: { readonly values: Float32Array }
  readonly baseline: {
    readonly losses: Float32Array
    readonly table?: { readonly values: Float32Array }
  }
}

/** Any version's library, its functions and options by their names of today. */
export async function loadLibrary(url: string): Promise<Library> {
  const loaded = (await import(url)) as Library & Older
  return {
    arrayImages: loaded.arrayImages,
    attachModelOutputs: loaded.attachModelOutputs ?? loaded.attachVectors,
    loadDetector: (path) => loaded.loadDetector(path),
    fit: (images, { unseenByClassifier, ...options } = {}) => {
      if (unseenByClassifier === undefined) return loaded.fit(images, options)
      const unseen = loaded.attachVectors === undefined ? { unseenByClassifier } : { unseen: true }
      return loaded.fit(images, { ...options, ...unseen })
    },
  }
}

/** What was called otherwise before both had the names of today. */
type Older = { readonly attachVectors: Library['attachModelOutputs'] | undefined }

/** What every version of the library has. */
export type Library = Pick<typeof pixeldrift, 'arrayImages' | 'attachModelOutputs'> & {
  fit(images: pixeldrift.ImageSource, options?: pixeldrift.FitOptions): Promise<AnyDetector>
  loadDetector(path: string): Promise<AnyDetector>
}
