import type { Random } from '../../src/tensor/index.ts'
import { baseFile, KINDS } from '../hostile/base-files.ts'
import { mend, spoil } from '../hostile/spoil.ts'

/** Sound files of each kind, made once. */
const OF_EACH = 2

/** Files for a service, one after the other: sound, damaged, cut, empty, two in one, or of a kind that is no image. */
export async function openHostileImages(random: Random): Promise<() => Uint8Array> {
  const files: Uint8Array[] = []
  for (const kind of KINDS) {
    for (let i = 0; i < OF_EACH; i++) files.push((await baseFile(kind, random)).bytes)
  }
  const any = (): Uint8Array => files[random.integer(files.length)]
  return () => {
    switch (random.integer(10)) {
      case 0:
        return any()
      case 1:
        return any().subarray(0, random.integer(80))
      case 2:
        return Buffer.concat([any(), any()])
      case 3:
        return Uint8Array.from({ length: random.integer(300) }, () => random.integer(256))
      case 4:
        return bombs[random.integer(bombs.length)]
      default: {
        const spoilt = spoil(any(), random)
        return random.uniform() < 0.5 ? mend(spoilt) : spoilt
      }
    }
  }
}

/** Headers that promise pictures of billions of pixels, or of none. */
const bombs: readonly Uint8Array[] = [
  pngOf(2 ** 31 - 1, 2 ** 31 - 1),
  pngOf(100_000, 100_000),
  pngOf(0, 5),
  Buffer.from('GIF89a\xff\xff\xff\xff\x80\x00\x00', 'latin1'),
  Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
  Buffer.from('push graphic-context\nimage over 0,0 0,0 "https://evil.example/x"\n'),
  Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'),
]

function pngOf(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(33)
  header.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])
  header.write('IHDR', 12)
  header.writeUInt32BE(width, 16)
  header.writeUInt32BE(height, 20)
  header.set([8, 2, 0, 0, 0], 24)
  return mend(Buffer.concat([header, Buffer.from('0000000049454e44ae426082', 'hex')]))
}
