import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { blobImages } from '../fixtures/blob-images.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { temporaryFolder } from '../images/stored-images.ts'
import { runWithin, startPixeldrift } from './run-pixeldrift.ts'

const cwd = temporaryFolder()

before(async () => {
  await using detector = await fitTinyDetector({ epochs: 1 }, { side: 8 })
  await detector.save(join(cwd, 'd.pixeldrift'))
})

describe('pixeldrift serve', () => {
  it('takes the images of a folder, tells what it finds, and ends when it is stopped', async () => {
    await writeImageFolder(join(cwd, 'in/1'), blobImages({ count: 60, seed: 5, side: 8 }))
    const bright = blobImages({ count: 30, seed: 6, side: 8, background: 0.4 })
    await writeImageFolder(join(cwd, 'in/2'), bright)
    const words = ['serve', '--detector', 'd.pixeldrift', '--watch', 'in', '--data', 'data']
    const { child, ended } = startPixeldrift([...words, '--port', '0'], { cwd })
    let told = ''
    child.stdout?.on('data', (text: Buffer) => {
      told += text.toString()
      if (/Brighter/.test(told)) child.kill('SIGTERM')
    })
    const { code, stdout, stderr } = await ended
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^default: Since the \d+\w\w image \(2\/\d+\.png\).*\n {2}· Brighter/)
    assert.match(stderr, /listening on http:\/\/127\.0\.0\.1:\d+, data in data\n/)
    assert.match(stderr, / Try: curl --data-binary @image\.png .*\/v1\/monitors\/default\/images\n/)
    assert.match(stderr, /stopping\n$/)
  })

  it('refuses what can’t be before it begins, and says what would help', async () => {
    const refuse = async (args: string, message: RegExp) => {
      const data = join(cwd, 'refused')
      const { code, stderr } = await runWithin(['serve', '--data', data, ...args.split(' ')])
      assert.equal(code, 2, args)
      assert.match(stderr, message)
    }
    await refuse('--host 0.0.0.0', /expected a token before others than this machine can reach/)
    await refuse('--watch in', /expected --detector beside --watch/)
    await refuse(
      '--detector none.pixeldrift',
      /expected a detector in none\.pixeldrift, got ENOENT/,
    )
    writeFileSync(join(cwd, 'letter.txt'), 'Dear all')
    await refuse(`--detector ${join(cwd, 'letter.txt')}`, /damaged or foreign file: .*letter\.txt/)
    writeFileSync(join(cwd, 'c.yaml'), 'prot: 8080')
    await refuse(
      `--config ${join(cwd, 'missing.yaml')}`,
      /settings in .*missing.yaml, found no such/,
    )
    await refuse(`--config ${join(cwd, 'c.yaml')}`, /expected a known setting, got prot/)
  })

  it('prints what it would use, every default filled in', async () => {
    const { code, stdout } = await runWithin(['serve', '--print-config', '--port', '0'])
    assert.equal(code, 0)
    const { data, limits } = JSON.parse(stdout) as { data: string; limits: object }
    assert.equal(data, 'pixeldrift-data')
    assert.ok('waiting' in limits)
  })
})

describe('pixeldrift token', () => {
  it('makes a token that is listed without its secret, and revoked', async () => {
    const where = ['--data', join(cwd, 'tokens')]
    const make = ['token', 'create', '--name', 'camera', '--scope', 'ingest,read', '--days', '7']
    const made = await runWithin([...make, ...where])
    assert.match(made.stdout, /^pdt_[0-9a-f]{12}_[\w-]{43}\n$/)
    // The secret may have dashes below of its own.
    const [id, secret] = [made.stdout.slice(4, 16), made.stdout.trim().slice(-43)]
    const listed = await runWithin(['token', 'list', ...where])
    assert.match(listed.stdout, new RegExp(`${id} +camera +ingest, read +to 20`))
    assert.ok(!listed.stdout.includes(secret))
    assert.equal((await runWithin(['token', 'revoke', id, ...where])).code, 0)
    assert.match((await runWithin(['token', 'list', ...where])).stdout, /revoked/)
    const again = await runWithin(['token', 'revoke', id, ...where])
    assert.equal(again.code, 2)
    assert.match(again.stderr, /expected the id of a valid token/)
  })
})

describe('pixeldrift backup and restore', () => {
  it('carry all that there is to another folder, and say from when it is', async () => {
    const where = ['--data', join(cwd, 'kept')]
    await runWithin(['token', 'create', '--name', 'camera', ...where])
    const path = join(cwd, 'a.backup')
    const written = await runWithin(['backup', path, ...where])
    assert.deepEqual([written.code, written.stderr], [0, `${path} is written\n`])
    const again = await runWithin(['backup', path, ...where])
    assert.equal(again.code, 2)
    const elsewhere = ['--data', join(cwd, 'elsewhere')]
    const restored = await runWithin(['restore', path, ...elsewhere])
    assert.equal(restored.code, 0)
    assert.match(restored.stderr, /a\.backup, made 20\S+Z, is put back/)
    assert.match((await runWithin(['token', 'list', ...elsewhere])).stdout, /camera/)
  })
})
