import type { ImageScore } from '../judging/index.ts'
import type { Verdict } from '../verdict/index.ts'
import type { PictureColumn, ReportData } from './report-data.ts'

/** A value as JSON keeps it: numbers that are not finite become null. */
export type JsonSafe<T> = T extends number
  ? number extends T
    ? number | null
    : T
  : T extends readonly (infer Element)[]
    ? readonly JsonSafe<Element>[]
    : T extends object
      ? { readonly [Key in keyof T]: JsonSafe<T[Key]> }
      : T

/** A picture by name; its scores are null for reference images. */
export type ReportPicture = {
  readonly id: string
  readonly caption: string
  readonly loss: number | null
  readonly excessLoss: number | null
  readonly score: number | null
  readonly pValue: number | null
}

/**
 * The JSON report. Fields are only ever added within a `schemaVersion`; `verdict` carries its own.
 * Everything the HTML report shows is here, pixels apart.
 */
export type ReportJson = {
  readonly kind: 'pixeldrift-report'
  readonly schemaVersion: 2
  readonly verdict: Verdict
  /** Of the images of the batch, of more than 10,000 a sample. */
  readonly scores: readonly JsonSafe<ImageScore>[]
  readonly reference: ReportData['reference']
  /** Loss of each held-out reference image. */
  readonly referenceLosses: readonly (number | null)[]
  readonly training: JsonSafe<ReportData['training']>
  readonly pictures: {
    readonly mostDrifted: readonly ReportPicture[]
    readonly representative: readonly ReportPicture[]
    /** Absent where no images repeat others. */
    readonly repeated?: readonly ReportPicture[]
    readonly typicalReference: readonly ReportPicture[]
  }
}

/** The report as plain data, equal to itself after `JSON.parse(JSON.stringify(…))`. */
export function reportJson(data: ReportData): ReportJson {
  const { verdict, scores, reference, training } = data
  const byId = new Map(scores.map((image) => [image.record.id, image]))
  const pictures = (columns: readonly PictureColumn[]): ReportPicture[] =>
    columns.map((column) => describePicture(column, byId.get(column.id)))
  return jsonSafe({
    kind: 'pixeldrift-report',
    schemaVersion: 2,
    verdict,
    scores,
    reference,
    referenceLosses: data.referenceLosses,
    training,
    pictures: {
      mostDrifted: pictures(data.mostDrifted),
      representative: pictures(data.representative),
      ...(data.repeated && { repeated: pictures(data.repeated) }),
      typicalReference: data.typicalReference.map((column) => describePicture(column, undefined)),
    },
  }) as ReportJson
}

function describePicture(
  { id, caption }: PictureColumn,
  image: ImageScore | undefined,
): ReportPicture {
  return {
    id,
    caption,
    loss: image?.loss ?? null,
    excessLoss: image?.excessLoss ?? null,
    score: image?.score ?? null,
    pValue: image?.pValue ?? null,
  }
}

function jsonSafe(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (Array.isArray(value)) return value.map(jsonSafe)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [name, jsonSafe(field)]),
  )
}
