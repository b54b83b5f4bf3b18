import { DriftError } from '../../errors.ts'
import { elementCount } from '../../tensor/index.ts'
import { readAxes } from '../arrays/array-layout.ts'
import { arraySource, requireSize } from '../arrays/array-source.ts'
import { streamStored, withStored } from '../arrays/byte-reader.ts'
import { isNumberType, readNpyHeader } from '../arrays/npy-header.ts'
import { readColumnFile } from '../arrays/text-column.ts'
import { readLabelFile } from '../folder-label.ts'
import type { SourceFormat } from '../source-format.ts'

/** A NumPy array; ids are row numbers. */
export const npyFormat: SourceFormat = {
  kind: 'npy',
  title: 'NumPy .npy array',
  accepts: ['labels', 'layout'],
  recognises: ({ head }) => Buffer.from(head.subarray(0, 6)).toString('latin1') === '\x93NUMPY',
  open: async ({ path, gzipped, bytes }, { labels, layout }) => {
    const header = await withStored(bytes, { gzipped }, (reader) => readNpyHeader(reader, path))
    const { type, fortranOrder, dataOffset } = header
    if (!isNumberType(type)) {
      throw new DriftError('source.unreadable', `expected an array of numbers, got text in ${path}`)
    }
    const axes = readAxes(header.shape, path, layout)
    if (!gzipped) {
      requireSize(dataOffset + elementCount(header.shape) * type.bytes, bytes.size, path)
    }
    const labelFile = readLabelFile(labels)
    const names = labelFile === undefined ? undefined : await readColumnFile(labelFile, axes.count)
    return arraySource({
      kind: 'npy',
      location: path,
      axes,
      type,
      fortranOrder,
      dataOffset,
      open: async () => streamStored(bytes, { gzipped }),
      record: (row) => ({ id: String(row), ...(names ? { label: names[row] } : {}) }),
      idsMayRepeat: false,
    })
  },
}
