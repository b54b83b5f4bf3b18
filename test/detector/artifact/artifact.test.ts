import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { unzipSync, zipSync } from 'fflate'
import { z } from 'zod'
import {
  ARTIFACT_VERSION,
  readArtifact,
  writeArtifact,
} from '../../../src/detector/artifact/artifact.ts'
import { DriftError } from '../../../src/errors.ts'
import { temporaryFolder } from '../../images/stored-images.ts'

const schema = z.object({ name: z.string() })
const files = new Map([
  ['model.onnx', Uint8Array.from({ length: 400 }, (_, i) => (i * i) % 251)],
  ['history.json', new TextEncoder().encode('{"epochs":3}')],
])
const folder = temporaryFolder()

/** A stored artifact, and its bytes. */
async function stored(name: string): Promise<{ path: string; bytes: Uint8Array<ArrayBuffer> }> {
  const path = join(folder, name)
  await writeArtifact(path, { manifest: { name: 'a' }, files })
  return { path, bytes: new Uint8Array(readFileSync(path)) }
}

async function refusal(path: string): Promise<DriftError> {
  try {
    await readArtifact(path, schema)
  } catch (error) {
    assert.ok(error instanceof DriftError, `not a DriftError: ${String(error)}`)
    return error
  }
  throw new assert.AssertionError({ message: `${path} was accepted` })
}

/** What is said of a stored artifact after its bytes were changed. */
async function refusalOf(bytes: Uint8Array): Promise<DriftError> {
  const path = join(folder, 'changed.pixeldrift')
  writeFileSync(path, bytes)
  return refusal(path)
}

/** The artifact with its zip entries changed. */
async function rezipped(
  change: (entries: Record<string, Uint8Array>) => void,
): Promise<Uint8Array> {
  const { bytes } = await stored('whole.pixeldrift')
  const entries = unzipSync(bytes)
  change(entries)
  return zipSync(entries)
}

function editManifest(
  entries: Record<string, Uint8Array>,
  edit: (manifest: Record<string, unknown>) => void,
): void {
  const manifest = JSON.parse(new TextDecoder().decode(entries['manifest.json'])) as Record<
    string,
    unknown
  >
  edit(manifest)
  const text = new TextEncoder().encode(JSON.stringify(manifest))
  const digest = createHash('sha256').update(text).digest('hex')
  entries['manifest.json'] = text
  entries['manifest.sha256'] = new TextEncoder().encode(digest)
}

describe('artifact', () => {
  it('gives back what was written', async () => {
    const { path } = await stored('whole.pixeldrift')
    const read = await readArtifact(path, schema)
    assert.deepEqual(read.manifest, { name: 'a' })
    assert.deepEqual(read.files, files)
  })

  it('is the same file byte for byte when written again', async () => {
    const first = await stored('first.pixeldrift')
    const second = await stored('second.pixeldrift')
    assert.deepEqual(first.bytes, second.bytes)
  })

  it('is refused when it was cut off, wherever', async () => {
    const { bytes } = await stored('whole.pixeldrift')
    for (const length of [0, 1, 30, 200, bytes.length - 30, bytes.length - 1]) {
      const error = await refusalOf(bytes.slice(0, length))
      assert.equal(error.code, 'artifact.corrupt', `cut to ${length}`)
      assert.match(error.message, /damaged or foreign file: .*changed\.pixeldrift/)
    }
  })

  it('is refused or read whole after any one byte was changed', async () => {
    const { bytes } = await stored('whole.pixeldrift')
    const whole = await readArtifact(join(folder, 'whole.pixeldrift'), schema)
    const path = join(folder, 'changed.pixeldrift')
    let refused = 0
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at] ^= 1 << (at % 8)
      writeFileSync(path, changed)
      try {
        // A date or attribute in the zip's directory may differ; what is read must not.
        assert.deepEqual(await readArtifact(path, schema), whole, `byte ${at}`)
      } catch (error) {
        if (!(error instanceof DriftError)) throw error
        refused++
      }
    }
    assert.ok(refused > bytes.length / 2, `${refused} of ${bytes.length}`)
  })

  const tampered: readonly [title: string, change: Parameters<typeof rezipped>[0], said: RegExp][] =
    [
      [
        'a file is missing',
        (entries) => {
          delete entries['history.json']
        },
        /history\.json is missing/,
      ],
      [
        'a file was added',
        (entries) => {
          entries['more.bin'] = Uint8Array.of(1)
        },
        /more\.bin is not in its manifest/,
      ],
      [
        'a file was exchanged',
        (entries) => {
          entries['history.json'] = new TextEncoder().encode('{"epochs":4}')
        },
        /history\.json was changed after it was written/,
      ],
      [
        'there is no manifest',
        (entries) => {
          delete entries['manifest.json']
        },
        /no manifest\.json/,
      ],
      [
        'the manifest was edited',
        (entries) => {
          const text = new TextDecoder().decode(entries['manifest.json'])
          entries['manifest.json'] = new TextEncoder().encode(text.replace('"a"', '"b"'))
        },
        /manifest\.json was changed after it was written/,
      ],
      [
        'the manifest is not JSON',
        (entries) => {
          entries['manifest.json'] = Uint8Array.of(123, 123)
        },
        /its manifest is not a detector’s/,
      ],
      [
        'the manifest is another format’s',
        (entries) => editManifest(entries, (manifest) => (manifest['format'] = 'something')),
        /its manifest is not a detector’s/,
      ],
      [
        'a field of the manifest has another type',
        (entries) => editManifest(entries, (manifest) => (manifest['name'] = 3)),
        /manifest field name/,
      ],
    ]
  for (const [title, change, said] of tampered) {
    it(`is refused when ${title}`, async () => {
      const error = await refusalOf(await rezipped(change))
      assert.equal(error.code, 'artifact.corrupt')
      assert.match(error.message, said)
    })
  }

  it('of a newer format is refused with the way out', async () => {
    const newer = await rezipped((entries) =>
      editManifest(entries, (manifest) => (manifest['schemaVersion'] = ARTIFACT_VERSION + 1)),
    )
    const error = await refusalOf(newer)
    assert.equal(error.code, 'artifact.version')
    assert.match(error.hint ?? '', /Update pixeldrift/)
  })

  for (const [title, bytes] of [
    ['another zip', zipSync({ 'readme.txt': Uint8Array.of(1, 2, 3) })],
    ['an empty zip', zipSync({})],
    ['a text', new TextEncoder().encode('not a zip at all')],
  ] as const) {
    it(`is refused when it is ${title}`, async () => {
      assert.equal((await refusalOf(bytes)).code, 'artifact.corrupt')
    })
  }

  it('that is not there, or is a folder, is named with how to make one', async () => {
    for (const path of [join(folder, 'nowhere.pixeldrift'), folder]) {
      const error = await refusal(path)
      assert.equal(error.code, 'source.unreadable')
      assert.ok(error.message.includes(path))
      assert.match(error.hint ?? '', /pixeldrift fit/)
    }
  })

  it('leaves nothing behind where it cannot be written', async () => {
    await assert.rejects(
      writeArtifact(join(folder, 'no-such-folder', 'a.pixeldrift'), { manifest: {}, files }),
      (error) => error instanceof DriftError && error.code === 'output.unwritable',
    )
    // A folder in the place of the file: writing succeeds, replacing fails.
    await assert.rejects(
      writeArtifact(folder, { manifest: {}, files }),
      (error) => error instanceof DriftError && error.code === 'output.unwritable',
    )
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.partial')),
      [],
    )
    assert.ok(!existsSync(`${folder}.partial`))
  })

  it('leaves the old file as it was when replacing it fails', async () => {
    const { path, bytes } = await stored('kept.pixeldrift')
    await assert.rejects(
      writeArtifact(join(path, 'inside'), { manifest: { name: 'b' }, files }),
      (error) => error instanceof DriftError && error.code === 'output.unwritable',
    )
    assert.deepEqual(new Uint8Array(readFileSync(path)), bytes)
  })
})
