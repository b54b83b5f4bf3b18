import { createHash } from 'node:crypto'
import type { DetectorManifest } from './manifest.ts'

/** Whether a field of the manifest can change a verdict, beyond what the files say. A new field has to decide. */
const CHANGES_VERDICTS: Readonly<Record<Exclude<keyof DetectorManifest, 'id'>, boolean>> = {
  seed: true,
  shape: true,
  resize: true,
  depth: true,
  policy: true,
  features: true,
  blockBy: true,
  outputsTrust: true,
  columns: true,
  classNames: true,
  labels: true,
  tolerated: true,
  tolerance: true,
  prepared: true,
  // How many images are held out is in the reference's file; the other counts, where and when are provenance.
  counts: false,
  location: false,
  referenceSource: false,
  libraryVersion: false,
  fittedAt: false,
  versions: false,
  thumbnails: false,
  notes: false,
}

/** What an artifact holds only to be looked at: pictures of the reference, and how the training went. */
const SHOWN_ONLY: ReadonlySet<string> = new Set(['thumbnails.f32', 'autoencoder.json'])

const HEXADECIMAL_DIGITS = 12

/**
 * The id of a detector: first 12 hexadecimal digits of the SHA-256 over every file and every field of the manifest that
 * can change a verdict. Detectors that may judge differently have different ids; the same detector fitted elsewhere or
 * another day has the same.
 */
export function detectorId(
  manifest: Omit<DetectorManifest, 'id'>,
  files: ReadonlyMap<string, Uint8Array>,
): string {
  const judging = Object.entries(CHANGES_VERDICTS).filter(([, changes]) => changes)
  const settings = judging
    .map(([name]) => [name, manifest[name as keyof typeof manifest] ?? null])
    // Detectors that were fitted before there was one keep their id.
    .filter(([name, value]) => name !== 'depth' || value !== null)
  const digest = createHash('sha256').update(canonicalJson(Object.fromEntries(settings)))
  for (const name of [...files.keys()].toSorted()) {
    if (SHOWN_ONLY.has(name)) continue
    const bytes = files.get(name) ?? new Uint8Array()
    // With its length, so that no file can pass for the end of another.
    digest.update(`\n${name} ${bytes.byteLength}\n`).update(bytes)
  }
  return digest.digest('hex').slice(0, HEXADECIMAL_DIGITS)
}

/** JSON with the keys of every object in order: the same settings, the same text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
