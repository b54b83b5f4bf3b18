import { FILE_COLUMNS } from '../file-properties.ts'
import type { ImageBatch, SideInputs } from '../images/index.ts'
import { zeros } from '../tensor/index.ts'

/** What is known of a batch's images beside their pixels; of files zeros where the source knows nothing of them. */
export function sideInputsOf({ records, modelOutputs, files }: ImageBatch): SideInputs {
  return { ...modelOutputs, files: files ?? zeros([records.length, FILE_COLUMNS.length]) }
}
