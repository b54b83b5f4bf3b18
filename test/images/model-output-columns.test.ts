import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { openImages, type OpenImagesOptions } from '../../src/images/index.ts'
import { collect } from '../contracts/image-source.ts'
import {
  allReferenceBytes,
  COUNT,
  GREY_SHAPE,
  npyOf,
  png,
  referenceBytes,
  temporaryFolder,
  zipOf,
} from './stored-images.ts'
import {
  embeddings,
  floats,
  manifest,
  modelOutputs,
  probabilities,
  refused,
} from './stored-outputs.ts'

describe('model outputs in a manifest', () => {
  it('are read from JSON lines, and are no attributes', async () => {
    const source = await manifest('list.jsonl', [
      '{"path":"a.png","probabilities":[0.25,0.75],"embedding":[1,-2,3]}',
      '{"path":"b.png","probabilities":[1,0],"embedding":[4,5,6.5]}',
    ])
    assert.deepEqual(await modelOutputs(source, { batchSize: 1 }), {
      probabilities: [
        [0.25, 0.75],
        [1, 0],
      ],
      embeddings: [
        [1, -2, 3],
        [4, 5, 6.5],
      ],
    })
    const [{ records }] = await collect(source)
    assert.deepEqual(records, [{ id: 'a.png' }, { id: 'b.png' }])
  })

  for (const cell of ['"[0.25, -1.5, 3]"', '0.25 -1.5 3', '0.25;-1.5;3.0', '[0.25  -1.5\t3.]']) {
    it(`are read from CSV written as ${cell}`, async () => {
      const source = await manifest('list.csv', ['path,Logits', `a.png,${cell}`])
      assert.deepEqual(await modelOutputs(source), { logits: [[0.25, -1.5, 3]] })
    })
  }

  it('may be one number, of a classifier with one output', async () => {
    const source = await manifest('list.csv', ['path,probabilities', 'a.png,0.25', 'b.png,1'])
    assert.deepEqual(await modelOutputs(source), { probabilities: [[0.25], [1]] })
  })

  it('are absent where their cells are empty in every row', async () => {
    const source = await manifest('list.csv', ['path,probabilities', 'a.png,', 'b.png,'])
    assert.deepEqual(await modelOutputs(source), {})
  })

  it('of an image that can’t be read are not looked at', async () => {
    const source = await manifest('list.csv', [
      'path,probabilities',
      'a.png,0.5 0.5',
      'gone.png,nan nan',
      'gone-too.png,',
      'b.png,0.25 0.75',
    ])
    const expected = [
      [0.5, 0.5],
      [0.25, 0.75],
    ]
    assert.deepEqual(await modelOutputs(source), { probabilities: expected })
  })

  it('may be probabilities that were rounded', async () => {
    const source = await manifest('list.csv', ['path,probabilities', 'a.png,0.33 0.33 0.33'])
    assert.equal((await modelOutputs(source)).probabilities?.length, 1)
  })

  const mistakes: Record<string, [lines: readonly string[], message: RegExp, hint?: RegExp]> = {
    'another length than before': [
      ['path,logits', 'a.png,1 2', 'b.png,1 2 3'],
      /expected logits of 2 numbers like the first image’s, got 3 in column logits of .*list\.csv, row 3/,
    ],
    'no number at all': [
      ['path,logits', 'a.png,[]'],
      /expected logits of at least 1 numbers, got 0 in column logits of .*row 2/,
    ],
    'a single number for an embedding': [
      ['path,embedding', 'a.png,3'],
      /expected embeddings of at least 2 numbers, got 1 in column embedding of .*row 2/,
    ],
    'a row that lacks them': [
      ['path,embedding', 'a.png,1 2', 'b.png,'],
      /expected embeddings for every image or for none, got some before and none in image b\.png/,
    ],
    'a row that has them where earlier ones had none': [
      ['path,embedding', 'a.png,', 'b.png,1 2'],
      /for every image or for none, got none before and some in image b\.png/,
    ],
    NaN: [
      ['path,logits', 'a.png,1 nan'],
      /expected finite logits, got NaN in column logits of .*row 2/,
    ],
    'a number beyond float32': [['path,logits', 'a.png,1 1e60'], /finite logits, got Infinity/],
    'a negative probability': [
      ['path,probabilities', 'a.png,-0.5 1.5'],
      /expected probabilities in \[0, 1\], got -0\.5 in .*row 2/,
      /as logits/,
    ],
    'probabilities that do not sum to 1': [
      ['path,probabilities', 'a.png,0.5 0.9'],
      /expected probabilities that sum to 1, got a sum of 1\.4 in .*row 2/,
      /softmax/,
    ],
    'text in place of numbers': [
      ['path,logits', 'a.png,tensor([1. 2.])'],
      /expected numbers such as \[0\.1, 0\.9\], got "tensor\(\[1\."? in column logits of .*row 2/,
      /JSON array/,
    ],
    'probabilities and logits': [
      ['path,probabilities,logits', 'a.png,0.5 0.5,1 1'],
      /expected probabilities or logits, got both in .*row 2/,
      /Leave one of the two out/,
    ],
  }
  for (const [title, [lines, message, hint]] of Object.entries(mistakes)) {
    it(`with ${title} are an error that says where`, async () => {
      await refused(manifest('list.csv', lines), message, hint)
    })
  }

  it('with lists in lists, or null among the numbers, are an error that says where', async () => {
    for (const list of ['[[0.5,0.5]]', '[0.5,null]']) {
      const line = `{"path":"a.png","probabilities":${list}}`
      await refused(manifest('list.jsonl', [line]), /expected numbers such as .* line 1/)
    }
  })
})

describe('model outputs in an NPZ', () => {
  const images = npyOf(GREY_SHAPE, allReferenceBytes(1))

  async function npz(arrays: Record<string, Uint8Array>, options: OpenImagesOptions = {}) {
    const entries = Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes] as const)
    const path = join(temporaryFolder(), 'images.npz')
    writeFileSync(path, zipOf(new Map(entries)))
    return openImages(path, options)
  }

  it('are the arrays of these names, row by row, in both orders of storage', async () => {
    const source = await npz({
      images,
      probabilities: floats(probabilities),
      embeddings: floats(embeddings, { fortranOrder: true }),
      y: npyOf([COUNT], new Uint8Array(COUNT)),
    })
    assert.deepEqual(await modelOutputs(source, { batchSize: 3 }), { probabilities, embeddings })
    const [{ records }] = await collect(source)
    assert.deepEqual(records[1], { id: '1', label: '0' })
  })

  it('go by the ending of the images’ name', async () => {
    const source = await npz(
      {
        x_train: images,
        x_test: images,
        logits_train: floats(embeddings),
        logits_test: floats(probabilities),
      },
      { column: 'x_test' },
    )
    assert.deepEqual(await modelOutputs(source), { logits: probabilities })
  })

  it('of another number of rows are an error', async () => {
    await refused(
      npz({ images, logits: floats(embeddings.slice(1)) }),
      /expected 7 rows, one per image of .*, got 6 in .*array logits/,
    )
  })
})

describe('model outputs in a Parquet table', () => {
  it('are lists of numbers', async () => {
    const picture = await png(referenceBytes(0, 3), 3)
    const schema = [
      { name: 'root', num_children: 2 },
      { name: 'image', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED' },
      { name: 'logits', repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
    ] as const
    const logits = [
      [1, -2],
      [0.5, 4],
    ]
    const bytes = parquetWriteBuffer({
      schema: [...schema],
      columnData: [
        { name: 'image', data: [picture, picture] },
        { name: 'logits', data: logits },
      ],
    })
    const path = join(temporaryFolder(), 'images.parquet')
    writeFileSync(path, new Uint8Array(bytes))
    assert.deepEqual(await modelOutputs(await openImages(path)), { logits })
  })
})
