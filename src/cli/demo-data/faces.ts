import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Font } from 'opentype.js'
import { flattenPath, type Outline } from './outline.ts'
import { missingPackage, packageFolder } from './package-folder.ts'

// Serif, sans, slab, monospaced, display, script and blackletter, as varied as the web's fonts.
const FAMILIES = [
  'abril-fatface',
  'alfa-slab-one',
  'bebas-neue',
  'black-ops-one',
  'bungee-shade',
  'cinzel',
  'courier-prime',
  'creepster',
  'great-vibes',
  'josefin-sans',
  'lato',
  'libre-baskerville',
  'old-standard-tt',
  'orbitron',
  'pacifico',
  'permanent-marker',
  'pirata-one',
  'press-start-2p',
  'righteous',
  'rye',
  'space-mono',
  'special-elite',
  'unifrakturcook',
  'zilla-slab',
] as const

const PARSER = 'opentype.js'
const PACKAGES = [PARSER, ...FAMILIES.map((family) => `@fontsource/${family}`)]

/** Outlines of the asked characters in every installed face (family, weight, style), faces first. */
export async function readFaces(characters: readonly string[]): Promise<Outline[][]> {
  const parse = await openParser()
  const faces: Outline[][] = []
  for (const family of FAMILIES) {
    for (const file of await faceFiles(family)) {
      const font = parse(await readFile(file))
      faces.push(
        characters.map((character) =>
          flattenPath(font.charToGlyph(character).getPath(0, 0, 100).commands),
        ),
      )
    }
  }
  return faces
}

/** The Latin faces of a family; .woff, since the parser cannot unpack .woff2. */
async function faceFiles(family: string): Promise<string[]> {
  const folder = join(packageFolder(`@fontsource/${family}`, PACKAGES), 'files')
  const names = await readdir(folder)
  return names
    .filter((name) => /-latin-\d+-(?:normal|italic)\.woff$/.test(name))
    .toSorted()
    .map((name) => join(folder, name))
}

async function openParser(): Promise<(bytes: Uint8Array) => Font> {
  const { default: opentype } = await import('opentype.js').catch((cause: unknown) => {
    throw missingPackage(PARSER, PACKAGES, cause)
  })
  return (bytes) => opentype.parse(new Uint8Array(bytes).buffer)
}
