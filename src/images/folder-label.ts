/** Label of an image by the folders of its path, or none: `labels` says which folder counts. */
export function folderLabel(path: string, labels: string | undefined): { label?: string } {
  const folders = path.split('/').slice(0, -1)
  if (labels === 'folders') return pick(folders[0])
  if (labels === 'parent-folders') return pick(folders.at(-1))
  return {}
}

/** True when `labels` names a folder rule, not a file of labels. */
export function isFolderRule(labels: string | undefined): boolean {
  return labels === 'folders' || labels === 'parent-folders'
}

function pick(folder: string | undefined): { label?: string } {
  return folder === undefined ? {} : { label: folder }
}
