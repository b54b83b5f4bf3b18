import { readFileSync } from 'node:fs'
import { decoderVersion, decodingRule } from '../images/index.ts'
import { runtimeVersion } from '../representations/index.ts'
import type { Versions } from '../verdict/index.ts'

/** Where the time comes from; the system's clock unless a caller gives another. */
export type Clock = () => Date

/** The system's clock, for the edge. */
export const systemClock: Clock = () => new Date()

/** What runs here. */
export async function installedVersions(): Promise<Versions> {
  return {
    pixeldrift: libraryVersion(),
    onnxruntime: await runtimeVersion(),
    sharp: decoderVersion(),
    decoding: decodingRule(),
    node: process.versions.node,
  }
}

/** Version in the package's own package.json, two folders up from here in the sources and in the build. */
export function libraryVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
