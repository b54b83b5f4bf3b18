import type { SourceFormat } from '../source-format.ts'
import { folderFormat } from './folder.ts'
import { idxFormat } from './idx.ts'
import { imageFileFormat } from './image-file.ts'
import { manifestFormat } from './manifest.ts'
import { npyFormat } from './npy.ts'
import { npzFormat } from './npz.ts'
import { parquetFormat } from './parquet.ts'
import { tarFormat } from './tar.ts'
import { zipFormat } from './zip.ts'

/** Every way images are stored; the first that recognises a location opens it, so `.npz` stands before zip. */
export const SOURCE_FORMATS: readonly SourceFormat[] = [
  folderFormat,
  idxFormat,
  npyFormat,
  npzFormat,
  zipFormat,
  parquetFormat,
  tarFormat,
  imageFileFormat,
  manifestFormat,
]
