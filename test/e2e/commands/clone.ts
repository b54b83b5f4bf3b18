/** A folder that looks like a clone after `npm ci`, with small images where printed commands look for some. */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { sliceRows, type Tensor } from '../../../src/tensor/index.ts'
import { blobImages } from '../../fixtures/blob-images.ts'
import { brightnessClassifier } from '../../fixtures/brightness-classifier.ts'
import { writeImageFolder } from '../../fixtures/image-folder.ts'
import { npyOf, tarOf, temporaryFolder, zipOf } from '../../images/stored-images.ts'
import { root } from './printed-commands.ts'

const SIDE = 8
/** What a clone has not, or must not share. */
const OWN = new Set(['.git', 'dist', 'out'])

/** Makes it; removed after the tests. */
export async function makeClone(): Promise<string> {
  const clone = temporaryFolder()
  for (const entry of readdirSync(root)) {
    if (!OWN.has(entry)) symlinkSync(join(root, entry), join(clone, entry))
  }
  const training = blobImages({ count: 100, seed: 1, channels: 3, side: SIDE })
  const today = blobImages({ count: 30, seed: 2, channels: 3, side: SIDE })
  await writeImageFolder(join(clone, 'training-images'), training)
  await writeImageFolder(join(clone, 'todays-images'), today)
  const validation = blobImages({ count: 60, seed: 3, channels: 3, side: SIDE })
  await writeImageFolder(join(clone, 'validation-images'), validation)
  cpSync(join(clone, 'training-images'), join(clone, 'photos'), { recursive: true })
  const write = (name: string, bytes: Uint8Array | string) =>
    writeFileSync(join(clone, name), bytes)
  write('photos-probabilities.npy', probabilitiesOf(training))
  write('todays-probabilities.npy', probabilitiesOf(today))
  for (const name of ['training.csv', 'predictions.csv']) write(name, tableOf('photos', training))
  write('validation.csv', tableOf('validation-images', validation))
  write('today.csv', tableOf('todays-images', today))
  write('training.jsonl', embeddingsOf('photos', training))
  write('today.jsonl', embeddingsOf('todays-images', today))
  write('images.csv', camerasOf('todays-images', today))
  write('images.tar', await tarOf(filesOf(join(clone, 'photos'))))
  write('images.npz', npzOf('x_train', training))
  write('batch.npz', npzOf('x', today))
  mkdirSync(join(clone, 'incoming-images'))
  write('monitor.yaml', 'monitors: [{ detector: detector.pixeldrift }]\n')
  for (const name of ['model.onnx', 'resnet.onnx']) write(name, brightnessClassifier(3, SIDE))
  return clone
}

/** Runs one line in a shell, as somebody with another Node in their path and no network would. */
export function runShell(command: string, cwd: string): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd,
    encoding: 'utf8',
    env: environmentOf(cwd),
  })
  return { code: status, output: `${stdout}${stderr}` }
}

/** Runs a service the same way, on a port of its own; when it listens acts, and stops it as Ctrl-C does. */
export async function runService(
  command: string,
  cwd: string,
  act: (url: string) => Promise<void> = async () => {},
): Promise<string> {
  const child = spawn('sh', ['-c', command], {
    cwd,
    // All of its processes are one group, as those of a terminal are.
    detached: true,
    env: { ...environmentOf(cwd), PIXELDRIFT_PORT: '0' },
  })
  let output = ''
  const { promise: listening, resolve } = Promise.withResolvers<string | undefined>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const url = /listening on (\S+),/.exec(output)?.[1]
      if (url !== undefined) resolve(url)
    })
  }
  const closed = new Promise((done) => child.on('close', done))
  void closed.then(() => resolve(undefined))
  const url = await listening
  try {
    if (url !== undefined) await act(url)
  } finally {
    if (url !== undefined) process.kill(-(child.pid ?? 0), 'SIGINT')
    await closed
  }
  return output
}

function environmentOf(cwd: string): NodeJS.ProcessEnv {
  const PATH = (process.env['PATH'] ?? '').split(delimiter).filter(isOfMachine).join(delimiter)
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_|FORCE_COLOR)/i.test(name),
  )
  return { ...Object.fromEntries(own), PATH, HOME: cwd, npm_config_offline: 'true' }
}

function isOfMachine(folder: string): boolean {
  return !folder.includes('node_modules')
}

/** Two classes, by brightness. */
function classSharesOf(pixels: Tensor): [number, number][] {
  return Array.from({ length: pixels.shape[0] }, (_, row) => {
    const { data } = sliceRows(pixels, row, row + 1)
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length
    return [1 - mean, mean]
  })
}

/** Paths and embeddings of images, a line of JSON each. */
function embeddingsOf(folder: string, pixels: Tensor): string {
  const lines = classSharesOf(pixels).map((shares, row) => {
    const path = `${folder}/${String(row).padStart(4, '0')}.png`
    return JSON.stringify({ path, embedding: [...shares, shares[0] * shares[1]] })
  })
  return `${lines.join('\n')}\n`
}

function probabilitiesOf(pixels: Tensor): Uint8Array {
  const shares = classSharesOf(pixels)
  const bytes = new Uint8Array(Float32Array.from(shares.flat()).buffer)
  return npyOf([shares.length, 2], bytes, { descr: '<f4' })
}

function camerasOf(folder: string, { shape: [images] }: Tensor): string {
  const rows = Array.from(
    { length: images },
    (_, row) => `${folder}/${String(row).padStart(4, '0')}.png,${row % 2 === 0 ? 'left' : 'right'}`,
  )
  return ['path,camera', ...rows, ''].join('\n')
}

function tableOf(folder: string, pixels: Tensor): string {
  const rows = classSharesOf(pixels).map(
    (shares, row) => `${folder}/${String(row).padStart(4, '0')}.png,${shares.join(' ')}`,
  )
  return ['path,probabilities', ...rows, ''].join('\n')
}

function npzOf(name: string, { shape, data }: Tensor): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return zipOf(new Map([[`${name}.npy`, npyOf(shape, bytes, { descr: '<f4' })]]))
}

function filesOf(folder: string): Map<string, Uint8Array> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))
}
