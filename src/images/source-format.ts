import type { ArrayLayout } from './arrays/array-layout.ts'
import type { Bucket, StoredBytes } from '../storage/index.ts'
import type { ImageSource } from './image-source.ts'
import type { ModelOutputSources } from './model-outputs/attach-model-outputs.ts'

/** How to read a location; all optional. */
export type OpenOptions = {
  /**
   * `folders`: the first-level folder is the label; `parent-folders`: the folder the image lies in.
   * Anything else is the path of a file with one label per image (IDX or NPY), for IDX and NPY.
   */
  readonly labels?: string | undefined
  /** Order of a four-axis array's axes, where its shape leaves that open. */
  readonly layout?: ArrayLayout | undefined
  /** The NPZ array, Parquet column or manifest column that holds the images. */
  readonly column?: string | undefined
  /**
   * `time`: by the `timestamp` of a table, else the EXIF data of the files, of a folder or a table; other kinds as they
   * stand. Not where outputs of the user's own model come in a file of their own. Default: by name, or as they stand.
   */
  readonly order?: 'time' | undefined
  /** Images with more pixels are refused. Default 100 million. */
  readonly pixelLimit?: number | undefined
  /** Ends the look at what is there, and every request to a bucket; `batches` takes one of its own. */
  readonly signal?: AbortSignal | undefined
}

/** How to read a location, and what the user's own model said of its images (see `attachModelOutputs`). */
export type OpenImagesOptions = OpenOptions & ModelOutputSources

/** What is known of a location before a reader is chosen. */
export type LocationProbe = {
  /** As the user wrote it. */
  readonly path: string
  readonly isFolder: boolean
  /** What names lie below it in a bucket; undefined on this machine. */
  readonly bucket?: Bucket | undefined
  /** What is stored there; no bytes of a folder. */
  readonly bytes: StoredBytes
  /** The file is gzip; `head` is then what it unpacks to. */
  readonly gzipped: boolean
  /** The first 512 bytes, fewer in a shorter file. */
  readonly head: Uint8Array
}

/** One way images are stored. */
export type SourceFormat = {
  readonly kind: string
  /** For messages: `IDX (MNIST) array`. */
  readonly title: string
  /** Options it takes beside `pixelLimit` and `signal`; any other is an error. */
  readonly accepts: readonly (keyof OpenOptions)[]
  readonly recognises: (probe: LocationProbe) => boolean
  readonly open: (probe: LocationProbe, options: OpenOptions) => Promise<ImageSource>
}
