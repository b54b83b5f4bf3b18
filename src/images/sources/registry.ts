import type { SourceFormat } from '../source-format.ts'
import { folderFormat } from './folder.ts'
import { idxFormat } from './idx.ts'
import { imageFileFormat } from './image-file.ts'
import { npyFormat } from './npy.ts'
import { tarFormat } from './tar.ts'

/** Every way images are stored, asked in this order. */
export const SOURCE_FORMATS: readonly SourceFormat[] = [
  folderFormat,
  idxFormat,
  npyFormat,
  tarFormat,
  imageFileFormat,
]
