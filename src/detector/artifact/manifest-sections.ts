import { z } from 'zod'
import { type ManifestSection, SECTIONS } from './identity.ts'
import { type DetectorManifest, detectorManifestSchema } from './manifest.ts'

/** The manifest as a file has it: what belongs to extractor, baseline and policy in a section each, with its id. */
export function toSections({ id, ids, ...manifest }: DetectorManifest): object {
  const sections: Record<ManifestSection, Record<string, unknown>> = {
    extractor: { id: ids?.extractor },
    baseline: { id: ids?.baseline },
    policy: { id: ids?.policy },
    provenance: {},
  }
  for (const [name, value] of Object.entries(manifest)) {
    const section = SECTIONS[name as keyof typeof SECTIONS]
    if (section === 'policy') Object.assign(sections.policy, value)
    else sections[section][name] = value
  }
  const { provenance, ...parts } = sections
  return { id, ...provenance, ...parts }
}

/** Reads what `toSections` made, and the one list of fields of version 1. */
export const storedManifestSchema = z.preprocess((stored) => {
  if (!isSectioned(stored)) return stored
  const { extractor, baseline, policy, ...rest } = stored
  const { id: extractorId, ...form } = extractor
  const { id: baselineId, ...reference } = baseline
  const { id: policyId, ...rule } = policy
  const ids = { extractor: extractorId, baseline: baselineId, policy: policyId }
  return { ...rest, ...form, ...reference, policy: rule, ids }
}, detectorManifestSchema)

type Fields = Readonly<Record<string, unknown>>

function isSectioned(
  stored: unknown,
): stored is Fields & Readonly<Record<'extractor' | 'baseline' | 'policy', Fields>> {
  const parts = stored as Fields
  return ['extractor', 'baseline', 'policy'].every((name) => typeof parts[name] === 'object')
}
