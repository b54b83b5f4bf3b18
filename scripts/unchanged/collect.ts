/** `node collect.ts <checkout> <out.json> [case]`: what a checkout computes on every case, written as JSON. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Case, CASES } from './cases.ts'
import { type AnyVerdict, loadLibrary } from './library.ts'

const [checkout = '', out = '', only = ''] = process.argv.slice(2)
const library = await loadLibrary(pathToFileURL(join(checkout, 'src/index.ts')).href)
const findings: Record<string, unknown> = {}
for (const [name, make] of Object.entries(CASES)) {
  if (!name.includes(only)) continue
  const found = await judgeAll(await make(library))
  for (const [part, value] of Object.entries(found)) findings[`${name}.${part}`] = value
}
writeFileSync(out, JSON.stringify(findings))

async function judgeAll({ detector, batches }: Case): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = { learned: filesOf(detector) }
  found['reference'] = digest(detector.reference?.values ?? detector.baseline.table?.values)
  found['losses'] = digest(detector.baseline.losses)
  for (const [name, { images, options }] of Object.entries(batches)) {
    const scores: object[] = []
    const onScores = (some: readonly object[]): void => void scores.push(...some)
    const verdict = await detector.check(images, { ...options, onScores, now: () => new Date(0) })
    found[name] = { ...judgementOf(verdict), images: scores }
  }
  await detector.close()
  return found
}

/** The numbers of a verdict of any version, by the names of the newest. */
function judgementOf({ judgement, ...older }: AnyVerdict): object {
  const { exemplars, ...numbers } = judgement ?? older
  const places = Object.entries(exemplars ?? {}).map(([name, images]) => [
    name,
    images.map((image) => (typeof image === 'number' ? image : image.place)),
  ])
  return { ...numbers, exemplars: Object.fromEntries(places) as object }
}

/** Digests of what was learned, by file. */
function filesOf({ stack, extractor }: Case['detector']): Record<string, string> {
  const files = (stack ?? extractor)?.save() ?? new Map<string, Uint8Array>()
  return Object.fromEntries([...files].map(([name, bytes]) => [`file ${name}`, digest(bytes)]))
}

function digest(values: Uint8Array | Float32Array | undefined): string {
  if (values === undefined) return 'none'
  const { buffer, byteOffset, byteLength } = values
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex')
}
