/** JPEG by libjpeg-turbo compiled to WebAssembly: without the fixed cost of a call to libvips, and with the same pixels. */
import { readFileSync } from 'node:fs'
import type { RawPixels } from '../raw-pixels.ts'
import { decodeBaselineJpeg } from './baseline-jpeg.ts'
import { readJpegHeader, type JpegHeader } from './jpeg-header.ts'

/** What is used of the TurboJPEG API; addresses and sizes are bytes of `memory`. */
type TurboJpeg = {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc(bytes: number): number
  tjInitDecompress(): number
  tjDecompressHeader3(
    handle: number,
    bytes: number,
    length: number,
    width: number,
    height: number,
    subsampling: number,
    space: number,
  ): number
  tjDecompress2(
    handle: number,
    bytes: number,
    length: number,
    target: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number
}

/** TJPF_RGB and TJPF_GRAY. */
const FORMATS: Readonly<Record<number, number>> = { 3: 0, 1: 6 }

/** Name and version of the package that decodes usual JPEGs. */
export function jpegDecoder(): string {
  const { name, version } = JSON.parse(readFileSync(pathOf('package.json'), 'utf8')) as {
    readonly name: string
    readonly version: string
  }
  return `${name} ${version}`
}

function pathOf(file: 'jpeg-turbo.wasm' | 'package.json'): URL {
  return new URL(file, import.meta.resolve('@cwasm/jpeg-turbo/package.json'))
}

/** Above it libvips' hand-written vector code makes up for the cost of calling it. */
const MOST_PIXELS = 1 << 16
/** Files of that many bytes hold more than pixels, or far more scans than pixels need. */
const MOST_BYTES = 1 << 20
/** The same of baseline JPEGs in one scan. */
const MOST_BASELINE_PIXELS = 1 << 22
const MOST_BASELINE_BYTES = 1 << 23

/**
 * The pixels of a usual JPEG, in memory of which the next call makes others; undefined for any other file, a damaged one
 * among them: libvips reads it or says what is wrong.
 */
export function decodeUsualJpeg(bytes: Uint8Array, pixelLimit: number): RawPixels | undefined {
  const header = readJpegHeader(bytes)
  if (header === undefined || !isUsual(header)) return undefined
  const { components: channels, height, width } = header
  if (height * width > Math.min(pixelLimit, MOST_BASELINE_PIXELS)) return undefined
  const isSmall = height * width <= MOST_PIXELS && bytes.length <= MOST_BYTES
  const data =
    (bytes.length <= MOST_BASELINE_BYTES ? decodeBaselineJpeg(bytes, header) : undefined) ??
    (isSmall ? decodeByTurbo(bytes, header) : undefined)
  return data && { shape: { channels, height, width }, layout: 'HWC', data }
}

/** The pixels of a usual JPEG by libjpeg-turbo; undefined where there was as much as a warning. */
export function decodeByTurbo(bytes: Uint8Array, header: JpegHeader): Uint8Array | undefined {
  const decoder = openDecoder()
  try {
    const data = decoder.decode(bytes, header)
    if (data === undefined) shared = undefined
    return data
  } catch {
    // Its errors unwind by an exception that leaves its memory as it was.
    shared = undefined
    return undefined
  }
}

function isUsual({ components, ...header }: JpegHeader): boolean {
  return components in FORMATS && header.hasUsualCoding && !header.hasProfile && !header.hasExif
}

type Decoder = {
  /** Undefined where there was as much as a warning. */
  decode(bytes: Uint8Array, header: JpegHeader): Uint8Array | undefined
}

let compiled: object | undefined
let shared: Decoder | undefined

function openDecoder(): Decoder {
  shared ??= createDecoder()
  return shared
}

function createDecoder(): Decoder {
  const turbo = instantiate()
  const input = turbo.malloc(MOST_BYTES)
  const output = turbo.malloc(MOST_PIXELS * 3)
  const fields = turbo.malloc(16)
  const handle = turbo.tjInitDecompress()
  return {
    decode: (bytes, { height, width, components }) => {
      new Uint8Array(turbo.memory.buffer).set(bytes, input)
      const found = turbo.tjDecompressHeader3(
        handle,
        input,
        bytes.length,
        fields,
        fields + 4,
        fields + 8,
        fields + 12,
      )
      if (found !== 0) return undefined
      const [ownWidth, ownHeight] = new Uint32Array(turbo.memory.buffer, fields, 2)
      if (ownWidth !== width || ownHeight !== height) return undefined
      const pitch = width * components
      const format = FORMATS[components]
      const size = [width, pitch, height] as const
      const status = turbo.tjDecompress2(handle, input, bytes.length, output, ...size, format, 0)
      return status === 0 ? new Uint8Array(turbo.memory.buffer, output, pitch * height) : undefined
    },
  }
}

function instantiate(): TurboJpeg {
  if (compiled === undefined) {
    compiled = new WebAssembly.Module(readFileSync(pathOf('jpeg-turbo.wasm')))
  }
  const fail = (): never => {
    throw new Error('libjpeg-turbo gave up')
  }
  const nothing = (): number => 0
  // Fatal errors jump back out of the library; it writes its messages nowhere.
  const env = { setjmp: nothing, longjmp: fail }
  const system = {
    environ_sizes_get: nothing,
    environ_get: nothing,
    proc_exit: fail,
    fd_close: nothing,
    fd_seek: nothing,
    fd_write: nothing,
  }
  const { exports } = new WebAssembly.Instance(compiled, { env, wasi_snapshot_preview1: system })
  return exports as TurboJpeg
}
