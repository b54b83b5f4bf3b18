import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DetectorManifest } from '../../src/detector/artifact/manifest.ts'
import { createShiftJudge } from '../../src/judging/shift-kind.ts'
import { prepareOmnibusReference } from '../../src/statistics/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'

const manifest: Pick<DetectorManifest, 'columns' | 'features' | 'seed'> = {
  seed: 1,
  columns: [
    { name: 'brightness', group: 'property', title: 'Brightness' },
    { name: 'predicted-class', group: 'prediction', title: 'Predicted class' },
  ],
  features: ['property', 'prediction'],
}

const PER_BLOCK = 8

/** Blocks of images of one class each, all in a light of their own. */
function sessions(random: Random, blocks: number) {
  const values = new Float32Array(2 * PER_BLOCK * blocks)
  for (let block = 0; block < blocks; block++) {
    const label = random.integer(2)
    const light = random.normal()
    for (let i = 0; i < PER_BLOCK; i++) {
      values.set([label + light + 0.1 * random.normal(), label], 2 * (block * PER_BLOCK + i))
    }
  }
  const of = Uint32Array.from({ length: PER_BLOCK * blocks }, (_, i) => Math.floor(i / PER_BLOCK))
  return { values, of }
}

function labelsOf(values: Float32Array): Uint16Array {
  return Uint16Array.from({ length: values.length / 2 }, (_, row) => values[2 * row + 1])
}

for (const isLabelled of [true, false]) {
  test(`dependent images ${isLabelled ? 'with' : 'without'} labels pass neither for another mix of classes nor for another look`, () => {
    const random = createRandom(1)
    const kinds = (blocked: boolean) =>
      Array.from({ length: 40 }, (_, seed) => {
        const reference = sessions(random, 40)
        const window = sessions(random, 8)
        const judge = createShiftJudge({
          manifest,
          reference: prepareOmnibusReference(reference.values, 2),
          ...(isLabelled && { labels: labelsOf(reference.values) }),
          ...(blocked && { blocks: reference.of }),
        })
        const blocks = blocked ? window.of : undefined
        return judge?.(window.values, { level: 0.05, seed, blocks }).kind
      })
    const named = (found: ReturnType<typeof kinds>) =>
      found.filter((kind) => kind !== 'unclear').length
    // Holm over the two: at most 0.05 of 40, five or more of which come once in twenty seeds.
    assert.ok(named(kinds(true)) <= 4)
    // Without labels, and without probabilities, it says that it can't tell.
    if (isLabelled) assert.ok(named(kinds(false)) >= 20)
  })
}
