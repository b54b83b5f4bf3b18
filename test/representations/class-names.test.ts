import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  namesInMetadata,
  requireClassNames,
} from '../../src/representations/classifier/class-names.ts'

describe('class names in a model’s metadata', () => {
  const written: Readonly<Record<string, Record<string, string>>> = {
    'a JSON list': { class_names: '["cat", "dog"]' },
    'a JSON object by number': { id2label: '{"1": "dog", "0": "cat"}' },
    'a Python dictionary': { names: "{0: 'cat', 1: 'dog'}" },
    'a Python list': { classes: "['cat', 'dog']" },
  }
  for (const [title, metadata] of Object.entries(written)) {
    it(`are read from ${title}`, () => {
      assert.deepEqual(namesInMetadata(metadata), ['cat', 'dog'])
    })
  }

  it('may hold quotes and commas', () => {
    assert.deepEqual(namesInMetadata({ names: `{0: "jack-o'-lantern", 1: 'a, b: 2'}` }), [
      "jack-o'-lantern",
      'a, b: 2',
    ])
  })

  it('are none where there are none, or what is there is something else', () => {
    for (const metadata of [
      {},
      { names: 'resnet' },
      { names: '{"a": "b"}' },
      { classes: '10' },
      { labels: '[1, 2]' },
    ]) {
      assert.equal(namesInMetadata(metadata as Record<string, string>), undefined)
    }
  })
})

describe('given class names', () => {
  it('have to be one for each class, all different', () => {
    requireClassNames(['cat', 'dog'], 2)
    for (const [names, got] of [
      [['cat'], /expected 2 different class names.* got 1$/],
      [['cat', 'cat'], /got "cat" twice/],
      [['cat', 'dog', 'ship'], /got 3$/],
    ] as const) {
      assert.throws(() => requireClassNames(names, 2), { code: 'config.invalid', message: got })
    }
  })
})
