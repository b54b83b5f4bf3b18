import { createHash } from 'node:crypto'
import { type Measurements, mergeMeasurements, openFeatures } from '../../src/measuring/index.ts'

/** What files of measurements hold together, to the last bit: every row, and the counts and sums beside them. */
export async function digestFeatures(
  paths: readonly string[],
): Promise<{ readonly images: number; readonly skipped: number; readonly digest: string }> {
  const parts: Measurements[] = []
  for (const path of paths) {
    const file = await openFeatures(path)
    if (file === undefined) throw new Error(`expected measurements, got another file: ${path}`)
    for await (const part of file.parts()) parts.push(part)
  }
  const [first] = parts
  const { values, ...rest } = mergeMeasurements(parts, first, Number.POSITIVE_INFINITY)
  const text = JSON.stringify(rest, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  const digest = createHash('sha256').update(text).update(new Uint8Array(values.buffer))
  return {
    images: rest.images.length,
    skipped: rest.skipped.total,
    digest: digest.digest('hex').slice(0, 16),
  }
}
