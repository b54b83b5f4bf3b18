import { DriftError } from '../errors.ts'
import { FILE_COLUMNS } from '../file-properties.ts'
import { copyRows } from './feature-table.ts'
import { requireInput } from './inputs.ts'
import type { Representation } from './representation.ts'
import type { RepresentationKind } from './representation-kind.ts'
import { decodeJson, encodeJson, type SavedFiles } from './saved-files.ts'

const kind = 'file-properties'
const columnsFile = 'file-properties.json'

const columns = FILE_COLUMNS.map(({ name, group, title }) => ({ name, group, title }))

/** What the files say: size, format, compression, channels, bit depth and camera. Nothing is learned. */
function createFileProperties(): Representation {
  const width = columns.length
  return {
    kind,
    columns,
    needs: { of: 'files' },
    measureInto: async (inputs, target) => {
      const { shape, data } = requireInput(inputs, 'files')
      if (shape[1] !== width) {
        throw new RangeError(`expected ${width} numbers of each file, got ${shape[1]}`)
      }
      copyRows({ values: data, width }, target)
    },
    save: () => new Map([[columnsFile, encodeJson({ columns: columns.map(({ name }) => name) })]]),
  }
}

/** Rebuilds what `save` wrote. */
function loadFileProperties(files: SavedFiles): Representation {
  const saved = decodeJson(files, columnsFile)['columns']
  const own = createFileProperties()
  const names = own.columns.map(({ name }) => name)
  if (Array.isArray(saved) && saved.join() === names.join()) return own
  throw new DriftError(
    'artifact.corrupt',
    `expected the columns ${names.join(', ')} in ${columnsFile}, got ${String(saved)}`,
  )
}

/** What the files say, where images come as files. */
export const filePropertiesKind: RepresentationKind = {
  name: kind,
  file: columnsFile,
  isOptional: true,
  fit: ({ hasFiles }) => (hasFiles ? createFileProperties() : undefined),
  load: loadFileProperties,
}
