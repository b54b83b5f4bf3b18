import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Draw, type Protocol, PROTOCOLS } from '../../../evaluation/window/draws.ts'
import { METHODS } from '../../../evaluation/window/methods/registry.ts'
import { UNLABELLED } from '../../../evaluation/window/models.ts'
import type { View } from '../../../evaluation/window/view.ts'
import type { FeatureColumn, FeatureGroup } from '../../../src/representations/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

const named = (group: FeatureGroup, ...names: readonly string[]): FeatureColumn[] =>
  names.map((name) => ({ name, group, title: name }))

const columns = [
  ...named('property', 'mean', 'noise'),
  ...named('reconstruction', 'loss', 'excess-loss'),
  ...named('code', 'code-0', 'code-1', 'code-2'),
  ...named('component', 'component-1', 'component-2'),
  ...named('classifier', 'logit-0', 'logit-1', 'logit-2'),
  ...named('prediction', 'predicted-class'),
  ...named('outlier', 'outlier-distance', `${UNLABELLED}outlier-distance`),
]
const WINDOW = 40
const REFERENCE = 400

/** Normal columns around 2; the class is a whole number. */
function rows(count: number, shift: number, random: Random): View {
  const width = columns.length
  const values = new Float32Array(count * width)
  for (let i = 0; i < values.length; i++) values[i] = 2 + shift + random.normal()
  const prediction = columns.findIndex(({ group }) => group === 'prediction')
  for (let i = prediction; i < values.length; i += width) values[i] = random.integer(3)
  const [first, second] = [columns.findIndex(({ name }) => name === 'logit-0'), 1]
  // A shift of all logits leaves the softmax as it is.
  for (let i = first + second; i < values.length; i += width) values[i] += shift
  return { width, values }
}

/** p-values of windows shifted by so many standard deviations. */
function pValues(
  name: string,
  protocol: Protocol,
  { shift, draws }: { shift: number; draws: number },
) {
  const method = METHODS.find((one) => one.name === name)
  assert.ok(method)
  const random = createRandom(7)
  const reference = rows(REFERENCE, 0, random)
  const options = { columns, reference, protocol, sizes: [WINDOW], random: random.fork() }
  const testWindow = method.prepare(options)
  return Array.from({ length: draws }, () => {
    const draw: Draw = {
      reference: protocol === 'same-size' ? rows(WINDOW, 0, random) : reference,
      window: rows(WINDOW, shift, random),
      random: random.fork(),
    }
    return testWindow(draw)
  })
}

for (const { name, budget } of METHODS) {
  describe(name, () => {
    for (const protocol of PROTOCOLS.filter((one) => budget[one] !== undefined)) {
      test(`sees a plain shift, ${protocol}`, () => {
        assert.ok(pValues(name, protocol, { shift: 2, draws: 5 }).every((p) => p <= 0.05))
      })

      test(`rarely alarms on clean windows, ${protocol}`, () => {
        const found = pValues(name, protocol, { shift: 0, draws: 60 })
        assert.ok(found.every((p) => p >= 0 && p <= 1))
        // Binomial(60, 0.05) exceeds 9 once in 1000.
        assert.ok(found.filter((p) => p <= 0.05).length <= 9)
      })
    }
  })
}
