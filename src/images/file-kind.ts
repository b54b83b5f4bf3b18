/** What `Stats` and `Dirent` of node:fs have in common. */
type Entry = {
  isDirectory(): boolean
  isFIFO(): boolean
  isSocket(): boolean
  isCharacterDevice(): boolean
  isBlockDevice(): boolean
  isFile(): boolean
}

/** What stands in a folder where a file was expected, in words. */
export function describeKind(entry: Entry): string {
  if (entry.isDirectory()) return 'a folder'
  if (entry.isFIFO()) return 'a pipe'
  if (entry.isSocket()) return 'a socket'
  if (entry.isCharacterDevice() || entry.isBlockDevice()) return 'a device'
  return entry.isFile() ? 'a file' : 'something that is no file'
}
