import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { missingPeers } from '../../bench/harness/peers.ts'
import { openImages } from '../../src/images/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { runProgram } from '../cluster/ways.ts'
import { makePicture, packTar, type Picture } from '../containers/write-containers.ts'
import { defineStudy } from '../harness/study.ts'
import { fileOf, KINDS } from '../hostile/base-files.ts'
import { type S3Place, startSeaweedFs } from '../s3/seaweedfs.ts'

type Cell = { readonly pictures: number; readonly largeMegabytes: number; readonly seed: number }

type Compared = {
  readonly what: string
  readonly images: number
  readonly megabytes: number
  readonly equal: boolean
  readonly localSeconds: number
  readonly bucketSeconds: number
}

/** Memory that reading a tar takes, above that before. */
type Large = {
  readonly megabytes: number
  readonly localPeakMegabytes: number
  readonly bucketPeakMegabytes: number
}

type Result = { readonly compared: readonly Compared[]; readonly large: readonly Large[] }

/** Names that a path, a URL or XML would take for something else. */
const STRANGE = [
  'a b',
  '50%',
  '%2e',
  'a+b=c&d?e#f',
  "(it's*)!",
  '日本 🎉',
  '"<&>',
  'é',
  'no ending',
]

/** Are images in a bucket read as the same files are here? */
export const study = defineStudy({
  title: 'Images in a bucket',
  description:
    'Files of every kind, and prefixes of pictures with strange names and more of them than a page of a list holds, read from a folder and from SeaweedFS by s3://: names, order and pixels are to be equal. A tar and one five times as large are read without being held: memory above that before, in megabytes.',
  revision: 1,
  dependsOn: [],
  skipReason: async () => missingPeers(['seaweedfs']),
  options: {
    pictures: { kind: 'integer', default: 2500, quick: 60, description: 'of the prefix' },
    largeMegabytes: { kind: 'integer', default: 500, quick: 100, description: 'of the large tar' },
    seed: { kind: 'integer', default: 1, description: 'of the pictures' },
  },
  cells: (values): Cell[] => [values],
  run: async ({ pictures: count, largeMegabytes, seed }: Cell, { log }): Promise<Result> => {
    const folder = await mkdtemp(join(tmpdir(), 's3-'))
    await mkdir(join(folder, 'server'))
    const place = await startSeaweedFs(join(folder, 'server'))
    Object.assign(process.env, place.env)
    try {
      const pictures = await randomPictures(count, seed)
      const compared: Compared[] = []
      for (const kind of KINDS) {
        const { name, bytes } = await fileOf(kind, pictures.slice(0, 300))
        const put = putter(place, join(folder, 'files', kind))
        await put(name, bytes)
        compared.push(await compare(kind, put.here(name), put.there(name)))
        log(`${kind} compared`)
      }
      const put = putter(place, join(folder, 'prefix'))
      for (const [i, { jpeg }] of pictures.entries()) await put(nameOf(i), jpeg)
      compared.push(await compare('prefix', put.here(''), put.there('')))
      const large: Large[] = []
      for (const megabytes of [largeMegabytes / 5, largeMegabytes]) {
        await put('large.tar', largeTar(pictures, megabytes))
        const [local, bucket] = [put.here('large.tar'), put.there('large.tar')]
        const peaks = [await readLarge(local), await readLarge(bucket)]
        large.push({ megabytes, localPeakMegabytes: peaks[0], bucketPeakMegabytes: peaks[1] })
      }
      return { compared, large }
    } finally {
      await place.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
  summarise: (outcomes) => {
    const [{ result }] = outcomes
    const { compared, large } = result
    return {
      kinds: compared.length,
      equal: compared.filter(({ equal }) => equal).length,
      large,
      compared,
    }
  },
})

async function randomPictures(count: number, seed: number): Promise<Picture[]> {
  const random = createRandom(seed)
  return Promise.all(
    Array.from({ length: count }, async () => {
      const bytes = Uint8Array.from({ length: 3 * 32 * 32 }, () => random.integer(256))
      return makePicture(bytes, 32, 32)
    }),
  )
}

function nameOf(i: number): string {
  const strange = STRANGE[i % STRANGE.length]
  return i % 3 === 0 ? `${strange}/${i}.jpg` : `${i} ${strange}${i % 2 === 0 ? '' : '.jpg'}`
}

/** Writes a file here and there alike. */
function putter(place: S3Place, folder: string) {
  const prefix = folder.split('/').slice(-2).join('/')
  const put = async (name: string, bytes: Uint8Array): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), bytes)
    await place.put(`${prefix}/${name}`, bytes)
  }
  return Object.assign(put, {
    here: (name: string) => join(folder, name),
    there: (name: string) => `s3://${place.bucket}/${prefix}/${name}`,
  })
}

async function compare(what: string, here: string, there: string): Promise<Compared> {
  const [local, far] = [await digest(here), await digest(there)]
  return {
    what,
    images: far.images,
    megabytes: far.megabytes,
    equal: local.digest === far.digest && far.images > 0,
    localSeconds: local.seconds,
    bucketSeconds: far.seconds,
  }
}

async function digest(location: string) {
  const started = performance.now()
  const hash = createHash('sha256')
  let [images, bytes] = [0, 0]
  const source = await openImages(location)
  const shape = { channels: 3, height: 32, width: 32 }
  const onSkip = ({ id }: { readonly id: string }): void => void hash.update(`skipped ${id}`)
  for await (const { records, pixels } of source.batches({ shape, onSkip })) {
    hash.update(JSON.stringify(records)).update(new Uint8Array(pixels.data.buffer))
    images += records.length
    bytes += pixels.data.byteLength / 4
  }
  const seconds = (performance.now() - started) / 1000
  return { images, megabytes: bytes / 1e6, seconds, digest: hash.digest('hex') }
}

/** Megabytes of memory that reading a large tar takes, in a process of its own. */
async function readLarge(location: string): Promise<number> {
  const script = fileURLToPath(new URL('../s3/read-large.ts', import.meta.url))
  const { code, stdout, stderr } = await runProgram([process.execPath, script, location], {})
  if (code !== 0) throw new Error(stderr)
  return Number(stdout)
}

/** The pictures again and again, each with a long tail that decoders pass over. */
function largeTar(pictures: readonly Picture[], megabytes: number): Uint8Array {
  const tail = Buffer.alloc(1_000_000, 7)
  const long = Array.from({ length: megabytes }, (_, i) => pictures[i % pictures.length])
  return packTar(long.map(({ jpeg }, i) => [`${i}.jpg`, Buffer.concat([jpeg, tail])]))
}
