/** What one checkout found: plain JSON for each case, by its name. */
export type Findings = Readonly<Record<string, unknown>>

/** What two checkouts agree on, and lines on where they differ. */
export type Comparison = {
  readonly same: number
  readonly byDesign: readonly string[]
  readonly changed: readonly string[]
}

/** What may differ between two commits, and why. */
const BY_DESIGN: readonly { readonly path: RegExp; readonly why: string }[] = [
  { path: /\.(summary|findings|notes|title|derivation|scoreDerivation|why)$/, why: 'words' },
  { path: /\.(findings|notes)\.\*/, why: 'words' },
  { path: /\.shares\.\*\.name$/, why: 'words' },
  { path: /\.(scoreBasis|because\.code)$/, why: 'words' },
  { path: /\.(checkedAt|versions\..*|batch\.location|detector\..*)$/, why: 'schema' },
  { path: /\.(schemaVersion|libraryVersion)$/, why: 'schema' },
  { path: /\.(policy|tested|ids)\.|\.place$/, why: 'schema' },
  { path: /\.(id|extractorId|baselineId|policyId|ids\..*)$/, why: 'ids' },
  { path: /^sampled batch\..*/, why: 'the sample of batches beyond 10,000' },
]

/** Compares leaf by leaf; a leaf that one of them lacks differs. */
export function compareFindings(before: Findings, now: Findings): Comparison {
  const [old, own] = [leavesOf(before), leavesOf(now)]
  const paths = [...new Set([...old.keys(), ...own.keys()])]
  const different = paths.filter((path) => !Object.is(old.get(path), own.get(path)))
  const byReason = Map.groupBy(different, (path) => reasonOf(withoutNumbers(path)))
  const byDesign = [...byReason].flatMap(([why, found]) =>
    why === undefined ? [] : [`${why}: ${summarise(found)}`],
  )
  const changed = (byReason.get(undefined) ?? []).map(
    (path) => `${path}: ${String(old.get(path))} → ${String(own.get(path))}`,
  )
  return { same: paths.length - different.length, byDesign, changed: shorten(changed) }
}

const MOST_LINES = 40

function shorten(lines: readonly string[]): string[] {
  const left = lines.length - MOST_LINES
  return left > 0 ? [...lines.slice(0, MOST_LINES), `and ${left} more`] : [...lines]
}

function summarise(paths: readonly string[]): string {
  const fields = new Set(paths.map((path) => withoutNumbers(path).split('.').slice(-2).join('.')))
  return `${paths.length} values (${[...fields].join(', ')})`
}

function reasonOf(path: string): string | undefined {
  return BY_DESIGN.find((one) => one.path.test(path))?.why
}

function withoutNumbers(path: string): string {
  return path.replaceAll(/\.\d+(?=\.|$)/g, '.*')
}

function leavesOf(value: unknown): Map<string, unknown> {
  const leaves = new Map<string, unknown>()
  const visit = (part: unknown, path: string): void => {
    if (part === null || typeof part !== 'object') leaves.set(path, part)
    else
      for (const [name, own] of Object.entries(part))
        visit(own, path === '' ? name : `${path}.${name}`)
  }
  visit(value, '')
  return leaves
}
