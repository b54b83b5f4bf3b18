import type { ModelOutputName, SideInputs } from '../images/index.ts'
import type { FeatureGroup } from '../feature-groups.ts'
import type { Tensor } from '../tensor/index.ts'
import type { PlaceMap } from './places/place-map.ts'

/** One named number per image. */
export type FeatureColumn = {
  /** Unique in a table, kebab-case: `loss`, `excess-loss`, `zero-fraction`. */
  readonly name: string
  readonly group: FeatureGroup
  /** What it measures and which way it rises, in words a user reads: `brightness (mean pixel)`. */
  readonly title: string
}

/** Features of N images: N × K row-major, one column description each. */
export type FeatureTable = {
  readonly columns: readonly FeatureColumn[]
  readonly rows: number
  readonly values: Float32Array
}

/** Where some columns of a row-major table belong: row r, column k at values[r · stride + offset + k]. */
export type ColumnTarget = {
  readonly values: Float32Array
  readonly stride: number
  readonly offset: number
}

/** Some columns of a row-major table: row r, column k at values[r · stride + columns[k]]. */
export type ColumnSource = {
  readonly values: Float32Array
  readonly rows: number
  readonly stride: number
  readonly columns: Uint32Array
}

/** What is known of the same N images: their pixels, model outputs and files, and what others measured of them before. */
export type ImageInputs = SideInputs & {
  /** N×C×H×W in [0, 1]. */
  readonly pixels?: Tensor | undefined
  readonly columns?: ColumnSource | undefined
}

/** Which of the inputs a representation measures. */
export type Needs =
  | { readonly of: 'pixels' }
  /** Model outputs of so many numbers an image. */
  | { readonly of: ModelOutputName; readonly length: number }
  /** What the files say: as many numbers as there are `FILE_COLUMNS`. */
  | { readonly of: 'files' }
  /** Columns of these names, measured before; they come in this order. */
  | { readonly of: 'columns'; readonly names: readonly string[] }

/** Classes that a user's model tells apart. */
export type ModelClasses = {
  readonly count: number
  /** As given, or as the model itself says. */
  readonly names?: readonly string[] | undefined
}

/** Measures maps of the frame: what is at each place of an image. */
export type PlaceMeter = {
  readonly maps: readonly PlaceMap[]
  /** N×C×H×W in [0, 1] to N × all cells of the maps, one map after the other, in whole steps of −126 to 126. */
  measure(pixels: Tensor): Int8Array
}

/** A fitted map from what is known of images to named numbers. */
export interface Representation {
  /** The name of its kind among `REPRESENTATION_KINDS`. */
  readonly kind: string
  readonly columns: readonly FeatureColumn[]
  readonly needs: Needs
  /** Of a user's model: the classes that its columns are about. */
  readonly classes?: ModelClasses | undefined
  /** Writes the numbers of every image into their columns; throws RangeError where what it needs is missing or of another shape. */
  measureInto(inputs: ImageInputs, target: ColumnTarget): Promise<void>
  /** What it says of places of the frame, beside its columns. */
  readonly places?: PlaceMeter
  /** Plain files that rebuild it, keyed by name inside the artifact. */
  save(): ReadonlyMap<string, Uint8Array>
  /** Ends the sessions it runs in; some open anew when they are needed again. */
  close?(): Promise<void>
}
