import { DriftError } from '../errors.ts'

const RULES = ['folders', 'parent-folders'] as const

/** Which folder of a path is the label: the first (`folders`) or the one the image lies in. */
export type FolderRule = (typeof RULES)[number]

/** Label of an image by the folders of its path, if there are any. */
export function folderLabel(path: string, rule: FolderRule | undefined): { label?: string } {
  const folders = path.split('/').slice(0, -1)
  const folder = rule === 'folders' ? folders[0] : folders.at(-1)
  return rule === undefined || folder === undefined ? {} : { label: folder }
}

/** Reads the `labels` option of images in folders; throws `config.invalid` on anything but a rule. */
export function readFolderRule(labels: string | undefined): FolderRule | undefined {
  const rule = RULES.find((candidate) => candidate === labels)
  if (rule !== undefined || labels === undefined) return rule
  throw new DriftError(
    'config.invalid',
    `expected labels ${RULES.join(' or ')} for images in folders, got ${labels}`,
    { hint: 'To bring labels from elsewhere, list the images in a manifest with a column label.' },
  )
}

/** Reads the `labels` option of array files; throws `config.invalid` on a folder rule. */
export function readLabelFile(labels: string | undefined): string | undefined {
  const rule = RULES.find((candidate) => candidate === labels)
  if (rule === undefined) return labels
  throw new DriftError('config.invalid', `expected a file of labels for an array, got ${rule}`)
}
