import { cameraCode } from '../file-properties.ts'
import type { ImageRecord, MeasuredImage } from '../measuring/values/index.ts'

/** The camera models of these images, by the codes that stand for them among the features. */
export function camerasOf(
  records: readonly ImageRecord[] | undefined,
  images: readonly MeasuredImage[],
): ReadonlyMap<number, string> {
  const all = [...(records ?? []), ...images.map(({ record }) => record)]
  const models = new Set(all.flatMap(({ camera }) => camera ?? []))
  return new Map([...models].map((model) => [cameraCode(model), model]))
}
