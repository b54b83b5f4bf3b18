type Foreign = {
  readonly title: string
  readonly begins: (text: string) => boolean
  readonly hint: string
}

const CONVERT = 'Convert it to PNG.'

const starts =
  (...beginnings: readonly string[]) =>
  (text: string): boolean =>
    beginnings.some((beginning) => text.startsWith(beginning))

const hasBrand =
  (...brands: readonly string[]) =>
  (text: string): boolean =>
    text.slice(4, 8) === 'ftyp' && brands.some((brand) => text.slice(8, 12) === brand)

/** What files given for pictures turn out to be; the first that fits names it. */
const FOREIGN: readonly Foreign[] = [
  {
    title: 'a Git LFS pointer in place of the file',
    begins: starts('version https://git-lfs.github.com/'),
    hint: 'Run git lfs pull.',
  },
  {
    title: 'a git-annex pointer in place of the file',
    begins: (text) => /^(?:\.\.\/)*(?:\.git)?\/annex\/objects\//.test(text),
    hint: 'Run git annex get.',
  },
  {
    title: 'an HTML page',
    begins: (text) => /^\s*<(?:!doctype html|html|head)/i.test(text),
    hint: 'The download gave a page in place of the picture; download it again.',
  },
  {
    title: 'an SVG drawing',
    begins: (text) =>
      /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?(?:<!doctype svg[^>]*>\s*)?<svg/is.test(text),
    hint: 'Draw it at the size you need, as PNG.',
  },
  { title: 'a BMP picture', begins: starts('BM'), hint: CONVERT },
  { title: 'a PNM picture', begins: (text) => /^P[1-7]\s/.test(text), hint: CONVERT },
  {
    title: 'an HEIC picture',
    begins: hasBrand('heic', 'heix', 'hevc', 'hevx', 'heim', 'heis'),
    hint: 'Convert it to PNG or JPEG.',
  },
  {
    title: 'a JPEG 2000 picture',
    begins: starts('\0\0\0\x0cjP  ', '\xff\x4f\xff\x51'),
    hint: CONVERT,
  },
  { title: 'a JPEG XL picture', begins: starts('\0\0\0\x0cJXL ', '\xff\x0a'), hint: CONVERT },
  { title: 'a JPEG XR picture', begins: starts('II\xbc\x01'), hint: CONVERT },
  { title: 'an icon', begins: starts('\0\0\x01\0', '\0\0\x02\0'), hint: CONVERT },
  { title: 'a Photoshop document', begins: starts('8BPS'), hint: CONVERT },
  { title: 'an OpenEXR picture', begins: starts('\x76\x2f\x31\x01'), hint: CONVERT },
  { title: 'a Radiance HDR picture', begins: starts('#?RADIANCE', '#?RGBE'), hint: CONVERT },
  { title: 'a QOI picture', begins: starts('qoif'), hint: CONVERT },
  { title: 'a DICOM file', begins: (text) => text.slice(128, 132) === 'DICM', hint: CONVERT },
  { title: 'a FITS file', begins: starts('SIMPLE  ='), hint: CONVERT },
  { title: 'an HDF5 file', begins: starts('\x89HDF\r\n'), hint: 'Save its images as .npy.' },
  { title: 'a NumPy array', begins: starts('\x93NUMPY'), hint: 'Give the array as the source.' },
  { title: 'a PDF document', begins: starts('%PDF'), hint: CONVERT },
  { title: 'a PostScript document', begins: starts('%!PS'), hint: CONVERT },
  {
    title: 'a film',
    begins: (text) =>
      hasBrand('isom', 'mp41', 'mp42', 'iso2', 'avc1', 'qt  ', 'M4V ')(text) ||
      starts('\x1a\x45\xdf\xa3', 'RIFF')(text),
    hint: 'Save its frames as pictures.',
  },
  { title: 'a zip archive', begins: starts('PK\x03\x04'), hint: 'Give the archive as the source.' },
  { title: 'gzip data', begins: starts('\x1f\x8b'), hint: 'Unpack it.' },
  { title: 'JSON text', begins: (text) => /^\s*[{[]\s*["{[\d\]}]/.test(text), hint: '' },
  {
    title: 'nothing but zero bytes',
    begins: (text) => /^\0{16}\0*$/.test(text),
    hint: 'It was never written to its end, as after a power failure; copy it again.',
  },
]

/** Bytes of a file's beginning that `describeForeign` looks at. */
const HEAD = 512

/** What bytes that are no readable picture are, in words, and what to do; undefined when nothing known. */
export function describeForeign(
  bytes: Uint8Array,
): { readonly title: string; readonly hint: string } | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD)).toString(
    'latin1',
  )
  return FOREIGN.find(({ begins }) => begins(text))
}
