/** A time of ISO 8601 to the minute, in UTC wherever it is read: `2026-11-23 14:05 UTC`. */
export function formatMoment(iso: string): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** What a check ran with, in one line. */
export function describeVersions({
  pixeldrift,
  onnxruntime,
  sharp,
  node,
}: {
  readonly pixeldrift: string
  readonly onnxruntime: string
  readonly sharp: string
  readonly node: string
}): string {
  return `pixeldrift ${pixeldrift}, ONNX Runtime ${onnxruntime}, sharp ${sharp}, Node ${node}`
}
