import type { ImageSource } from '../image-source.ts'
import { probeLocation } from '../probe-location.ts'
import type { OpenOptions, SourceFormat } from '../source-format.ts'
import { bucketFormat } from './bucket.ts'
import { folderFormat } from './folder.ts'
import { idxFormat } from './idx.ts'
import { imageFileFormat } from './image-file.ts'
import { manifestFormat } from './manifest.ts'
import { npyFormat } from './npy.ts'
import { npzFormat } from './npz.ts'
import { parquetFormat } from './parquet.ts'
import { tarFormat } from './tar.ts'
import { zipFormat } from './zip.ts'

/** Formats of which a folder may hold several, as the shards of one data set. */
const SHARD_FORMATS: readonly SourceFormat[] = [
  npyFormat,
  npzFormat,
  zipFormat,
  parquetFormat,
  tarFormat,
]

/** Every way images are stored; the first that recognises a location opens it, so `.npz` stands before zip. */
export const SOURCE_FORMATS: readonly SourceFormat[] = [
  bucketFormat(openShard),
  folderFormat(openShard),
  idxFormat,
  npyFormat,
  npzFormat,
  zipFormat,
  parquetFormat,
  tarFormat,
  imageFileFormat,
  manifestFormat,
]

async function openShard(path: string, options: OpenOptions): Promise<ImageSource | undefined> {
  const probe = await probeLocation(path, options)
  const format = SHARD_FORMATS.find((candidate) => candidate.recognises(probe))
  return format?.open(probe, takenBy(format, options))
}

function takenBy({ accepts }: SourceFormat, options: OpenOptions): OpenOptions {
  const known = new Set<string>([...accepts, 'pixelLimit', 'signal'])
  return Object.fromEntries(Object.entries(options).filter(([name]) => known.has(name)))
}
