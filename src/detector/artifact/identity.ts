import { digestOfFiles } from '../../measuring/index.ts'
import type { DetectorManifest } from './manifest.ts'

/** The part of a detector that a field of the manifest describes. */
export type ManifestSection = 'extractor' | 'baseline' | 'policy' | 'provenance'

/** Of every field; what is not provenance can change a verdict, beyond what the files say. A new field has to decide. */
export const SECTIONS: Readonly<
  Record<Exclude<keyof DetectorManifest, 'id' | 'ids'>, ManifestSection>
> = {
  shape: 'extractor',
  resize: 'extractor',
  depth: 'extractor',
  seed: 'baseline',
  features: 'baseline',
  toleratedFiles: 'baseline',
  blockBy: 'baseline',
  outputsTrust: 'baseline',
  columns: 'baseline',
  classNames: 'baseline',
  labels: 'baseline',
  tolerated: 'baseline',
  tolerance: 'baseline',
  prepared: 'baseline',
  policy: 'policy',
  // How many images are held out is in the reference's file; the other counts, where and when are provenance.
  counts: 'provenance',
  location: 'provenance',
  readFrom: 'provenance',
  referenceSource: 'provenance',
  libraryVersion: 'provenance',
  fittedAt: 'provenance',
  versions: 'provenance',
  thumbnails: 'provenance',
  notes: 'provenance',
}

/** Fields that older detectors have not. */
const LATER: ReadonlySet<string> = new Set(['depth', 'toleratedFiles'])

/** What an artifact holds only to be looked at: pictures of the reference, and how the training went. */
const SHOWN_ONLY: ReadonlySet<string> = new Set([
  'thumbnails.f32',
  'autoencoder.json',
  'reference-records.json',
])

/**
 * The id of a detector: first 12 hexadecimal digits of the SHA-256 over every file and every field of the manifest that
 * can change a verdict. Detectors that may judge differently have different ids; the same detector fitted elsewhere or
 * another day has the same.
 */
export function detectorId(manifest: Unidentified, files: ReadonlyMap<string, Uint8Array>): string {
  return digestOfFiles(files, settingsOf(manifest, ['extractor', 'baseline', 'policy']), SHOWN_ONLY)
}

/** The same of the baseline alone, which is of numbers by one extractor. */
export function baselineId(
  manifest: Unidentified,
  files: ReadonlyMap<string, Uint8Array>,
  extractorId: string,
): string {
  return digestOfFiles(files, { extractorId, ...settingsOf(manifest, ['baseline']) }, SHOWN_ONLY)
}

/** A manifest before it has its ids. */
export type Unidentified = Omit<DetectorManifest, 'id' | 'ids'>

function settingsOf(
  manifest: Unidentified,
  sections: readonly ManifestSection[],
): Readonly<Record<string, unknown>> {
  const names = Object.entries(SECTIONS).filter(([, section]) => sections.includes(section))
  return Object.fromEntries(
    names
      .map(([name]) => [name, manifest[name as keyof typeof SECTIONS] ?? null] as const)
      // Detectors that were fitted before there was one keep their id.
      .filter(([name, value]) => !LATER.has(name) || value !== null),
  )
}
