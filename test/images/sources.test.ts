import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { arrayImages, encodedImages, openImages, type ImageSource } from '../../src/images/index.ts'
import { describeImageSource, type MakeImageSource } from '../contracts/image-source.ts'
import {
  allReferenceBytes,
  COLOUR_SHAPE,
  GREY_SHAPE,
  gzip,
  idxOf,
  npyOf,
  referenceFiles,
  referencePixels,
  tarOf,
  writeFolder,
  writeOne,
  zipOf,
} from './stored-images.ts'

const holding =
  (channels: 1 | 3, open: () => Promise<ImageSource>): MakeImageSource =>
  async () => ({ source: await open(), pixels: referencePixels(channels) })

const file =
  (name: string, bytes: () => Promise<Uint8Array> | Uint8Array) => async (): Promise<ImageSource> =>
    openImages(await writeOne(name, await bytes()))

const grey = allReferenceBytes(1)
const colour = allReferenceBytes(3)

async function manifest(name: string, write: (paths: string[]) => string): Promise<ImageSource> {
  const files: Map<string, Uint8Array | string> = await referenceFiles()
  files.set(name, write([...files.keys()]))
  return openImages(join(await writeFolder(files), name))
}

async function parquet(): Promise<Uint8Array> {
  const data = [...(await referenceFiles()).values()]
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [{ name: 'picture', data, type: 'BYTE_ARRAY' }],
      rowGroupSize: 3,
    }),
  )
}

describeImageSource(
  'memory',
  holding(3, async () => arrayImages(referencePixels(3))),
)
describeImageSource(
  'files in memory',
  holding(3, async () =>
    encodedImages(
      [...(await referenceFiles())].map(([id, encoded]) => ({ record: { id }, encoded })),
    ),
  ),
)
describeImageSource(
  'folder',
  holding(3, async () => openImages(await writeFolder(await referenceFiles()))),
)
describeImageSource(
  'folder of grey files',
  holding(1, async () => openImages(await writeFolder(await referenceFiles(1)))),
)
describeImageSource(
  'idx',
  holding(
    1,
    file('images-idx3-ubyte', () => idxOf(GREY_SHAPE, grey)),
  ),
)
describeImageSource(
  'idx.gz',
  holding(
    1,
    file('images.gz', () => gzip(idxOf(GREY_SHAPE, grey))),
  ),
)
describeImageSource(
  'npy',
  holding(
    3,
    file('images.npy', () => npyOf(COLOUR_SHAPE, colour)),
  ),
)
describeImageSource(
  'npz',
  holding(
    1,
    file('images.npz', () => zipOf(new Map([['images.npy', npyOf(GREY_SHAPE, grey)]]))),
  ),
)
describeImageSource(
  'tar',
  holding(
    3,
    file('images.tar', async () => tarOf(await referenceFiles())),
  ),
)
describeImageSource(
  'tar.gz',
  holding(
    3,
    file('images.tgz', async () => gzip(await tarOf(await referenceFiles()))),
  ),
)
describeImageSource(
  'zip',
  holding(
    3,
    file('images.zip', async () => zipOf(await referenceFiles())),
  ),
)
describeImageSource('parquet', holding(3, file('images.parquet', parquet)))
describeImageSource(
  'csv',
  holding(3, async () => manifest('list.csv', (paths) => ['path', ...paths].join('\n'))),
)
describeImageSource(
  'jsonl',
  holding(3, async () =>
    manifest('list.jsonl', (paths) => paths.map((path) => JSON.stringify({ path })).join('\n')),
  ),
)
