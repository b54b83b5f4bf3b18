import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { openImages, type ImageSource, type SkippedImage } from '../../src/images/index.ts'
import { isoTime } from '../../src/images/record-time.ts'
import { collect } from '../contracts/image-source.ts'
import { png, referenceBytes, writeFolder } from './stored-images.ts'

const picture = await png(referenceBytes(0, 3), 3)

async function table(name: string, text: string | Uint8Array): Promise<ImageSource> {
  const files = new Map<string, string | Uint8Array>([
    ['pictures/a.png', picture],
    ['pictures/b.png', picture],
    [`pictures/${'é'.normalize('NFD')}.png`, picture],
    [name, text],
  ])
  return openImages(join(await writeFolder(files), name))
}

async function recordsOf(source: ImageSource) {
  const batches = await collect(source, { strict: true })
  return batches.flatMap(({ records }) => records)
}

async function skippedOf(source: ImageSource): Promise<SkippedImage[]> {
  const skipped: SkippedImage[] = []
  await collect(source, { onSkip: (one) => skipped.push(one) })
  return skipped
}

const two = [
  { id: 'pictures/a.png', label: 'Käfer' },
  { id: 'pictures/b.png', label: 'x' },
]
const lines = ['path,label', 'pictures/a.png,Käfer', 'pictures/b.png,x']

describe('a table as programs write them', () => {
  const dialects: Record<string, string | Uint8Array> = {
    'with CR line ends': lines.join('\r'),
    'with CR LF line ends': lines.join('\r\n'),
    'with semicolons': lines.join('\n').replaceAll(',', ';'),
    'with bars': lines.join('\n').replaceAll(',', '|'),
    'with tabs in spite of its name': lines.join('\n').replaceAll(',', '\t'),
    'that states its delimiter': `sep=;\n${lines.join('\n').replaceAll(',', ';')}`,
    'that states its delimiter as the comma': `sep=,\r\n${lines.join('\r\n')}`,
    'with a byte order mark': `\uFEFF${lines.join('\n')}`,
    'in UTF-16': Buffer.from(`\uFEFF${lines.join('\n').replaceAll(',', '\t')}`, 'utf16le'),
    'in UTF-16 without a mark': Buffer.from(lines.join('\n'), 'utf16le'),
    'in big-endian UTF-16': Buffer.from(`\uFEFF${lines.join('\n')}`, 'utf16le').swap16(),
    'in Latin-1': Buffer.from(lines.join('\n'), 'latin1'),
    'with blanks around names and paths': 'path , label\npictures/a.png ,Käfer\n pictures/b.png,x',
    'with backslashes': 'path,label\npictures\\a.png,Käfer\n.\\pictures\\b.png,x',
    'with empty cells at the ends of its rows':
      'path,label,,\npictures/a.png,Käfer,,\npictures/b.png,x,,,,',
  }
  for (const [title, text] of Object.entries(dialects)) {
    it(`is read ${title}`, async () => {
      const records = await recordsOf(await table('list.csv', text))
      const ids = records.map(({ id }) => id.replaceAll('\\', '/').replace(/^\.\//, ''))
      assert.deepEqual(
        records.map(({ label }, i) => ({ id: ids[i], label })),
        two,
      )
    })
  }

  it('finds a file whose name has the other Unicode normal form', async () => {
    const records = await recordsOf(
      await table('l.csv', `path\npictures/${'é'.normalize('NFC')}.png`),
    )
    assert.equal(records.length, 1)
  })

  it('is read as JSON lines that end in CR', async () => {
    const text = two.map(({ id, label }) => JSON.stringify({ path: id, label })).join('\r')
    assert.deepEqual(await recordsOf(await table('list.jsonl', text)), two)
  })

  it('names the row that is broken and reads the others', async () => {
    const text = 'path,label\npictures/a.png\npictures/b.png,x\n,y\npictures/a.png,z,more'
    const skipped = await skippedOf(await table('list.csv', text))
    assert.equal(skipped.length, 3)
    assert.match(skipped[0].message, /2 cells like the header, got 1 in .*row 2/)
    assert.match(skipped[1].message, /expected a path in column path.*row 4/)
    assert.match(skipped[2].message, /2 cells like the header, got 3 in .*row 5/)
  })

  it('says that URLs are not fetched', async () => {
    const skipped = await skippedOf(
      await table('l.csv', 'path\nhttps://example.com/a.png\npictures/a.png'),
    )
    assert.equal(skipped.length, 1)
    assert.match(skipped[0].message, /URL "https:\/\/example.com\/a.png": nothing is fetched/)
  })

  it('says that paths of Windows lead nowhere here', async () => {
    const skipped = await skippedOf(await table('l.csv', 'path\nC:\\x\\a.png\npictures/a.png'))
    assert.match(skipped[0].message, /Windows path "C:/)
  })

  it('with two columns of one name is refused', async () => {
    const source = await table('l.csv', 'path,path\npictures/a.png,nothing.png')
    await assert.rejects(collect(source), { message: /different names, got "path" twice/ })
  })

  it('without rows, or empty, says so', async () => {
    const hint = async (text: string): Promise<string | undefined> =>
      collect(await table('l.csv', text)).then(
        () => undefined,
        (error: { hint?: string }) => error.hint,
      )
    assert.match((await hint('path,label\n')) ?? '', /no rows below its header/)
    assert.match((await hint('')) ?? '', /empty file/)
  })
})

describe('a time in a table', () => {
  const at = '2026-11-23T14:05:09.000Z'
  const seconds = Date.parse(at) / 1000
  const spellings = [
    '2026-11-23T14:05:09Z',
    '2026-11-23 14:05:09',
    ' 2026-11-23 15:05:09 +0100 ',
    '2026-11-23T09:35:09-04:30',
    '2026:11:23 14:05:09',
    '2026/11/23 14:05:09 UTC',
    '20261123T140509Z',
    '20261123140509',
    'Mon, 23 Nov 2026 14:05:09 GMT',
    String(seconds),
    `${seconds}000`,
    `${seconds}000000`,
    `${seconds}000000000`,
  ]
  for (const text of spellings) {
    it(`is read from ${JSON.stringify(text)}`, () => assert.equal(isoTime(text, 'here'), at))
  }

  it('keeps its fractions to the millisecond', () => {
    assert.equal(isoTime('2026-11-23T14:05:09.123456+00', ''), '2026-11-23T14:05:09.123Z')
    assert.equal(isoTime(`${seconds}.25`, ''), '2026-11-23T14:05:09.250Z')
  })

  it('is midnight in UTC where only the day is known', () => {
    assert.equal(isoTime('2026-11-23', ''), '2026-11-23T00:00:00.000Z')
    assert.equal(isoTime('20261123', ''), '2026-11-23T00:00:00.000Z')
  })

  for (const text of [
    'yesterday',
    '02/03/2026',
    '2026-02-30',
    '2026-13-01',
    '2026-11-23T25:00',
    '7',
    '2026-11-23 noon',
  ]) {
    it(`is refused when it reads ${text}`, () =>
      assert.throws(() => isoTime(text, 'row 3'), { code: 'source.unreadable', message: /row 3/ }))
  }
})
