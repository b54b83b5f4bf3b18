/** Our worker for decoding alone: a folder of pictures, from files to float32 N×C×H×W; or by libvips as it was done before. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { decoderVersion, openImages } from '../../src/images/index.ts'
import { serveProcess } from '../../evaluation/harness/serve-process.ts'

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'product' },
    folder: { type: 'string', default: '' },
    side: { type: 'string', default: '32' },
  },
})
const side = Number(values.side)
const shape = { channels: 3, height: side, width: side }
const BATCH = 256

async function byProduct(): Promise<number> {
  let images = 0
  const source = await openImages(values.folder)
  for await (const { records } of source.batches({ shape, depth: 8 })) images += records.length
  return images
}

sharp.cache(false)
sharp.concurrency(1)

/** Each file by a call of sharp, which reduces JPEGs while it decodes them. */
async function bySharp(): Promise<number> {
  const entries = readdirSync(values.folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  for (let start = 0; start < paths.length; start += BATCH) {
    const part = paths.slice(start, start + BATCH)
    const batch = new Float32Array(part.length * 3 * side * side)
    const pictures = await Promise.all(part.map(readBySharp))
    pictures.forEach((pixels, i) => toPlanes(pixels, batch.subarray(i * pixels.length)))
  }
  return paths.length
}

async function readBySharp(path: string): Promise<Uint8Array> {
  return sharp(readFileSync(path), { autoOrient: false, failOn: 'warning' })
    .resize(side, side, { fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .raw()
    .toBuffer()
}

function toPlanes(pixels: Uint8Array, out: Float32Array): void {
  const area = pixels.length / 3
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) {
      out[channel * area + i] = pixels[3 * i + channel] / 255
    }
  }
}

const pass = values.mode === 'sharp' ? bySharp : byProduct

async function run({ steps }: { readonly steps: number }): Promise<object> {
  const started = performance.now()
  let images = 0
  for (let step = 0; step < steps; step++) images += await pass()
  return { seconds: (performance.now() - started) / 1000, images }
}

await run({ steps: 1 })
await serveProcess({ name: values.mode, version: decoderVersion() }, { run })
