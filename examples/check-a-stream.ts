/**
 * Checks images as they arrive, forty at a time, and says when they began to drift.
 * Run: npx node examples/check-a-stream.ts
 * In a project of your own, import from 'pixeldrift' and 'pixeldrift/tensor'.
 */
import { arrayImages, fit, type Tensor } from '../src/index.ts'
import { concatenateRows, createRandom, tensor } from '../src/tensor/index.ts'

const SIDE = 12
const WINDOW = 40
const random = createRandom(1)

/** A camera that looks at a bright bar; its lamp loses `dimmed` of its light. */
function photograph(dimmed = 0): Tensor {
  const [left, width] = [2 + random.integer(5), 2 + random.integer(3)]
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const lit = i % SIDE >= left && i % SIDE < left + width ? 0.8 : 0.2
    return Math.min(1, Math.max(0, (1 - dimmed) * lit + 0.03 * random.normal()))
  })
  return tensor([1, 1, SIDE, SIDE], data)
}

/** From the third window on the lamp grows weaker. */
async function* camera(): AsyncGenerator<Tensor> {
  for (let i = 0; i < 6 * WINDOW; i++) yield photograph(Math.max(0, i / WINDOW - 3) / 10)
}

const reference = concatenateRows(Array.from({ length: 400 }, () => photograph()))
const detector = await fit(arrayImages(reference), { seed: 1, epochs: 3 })

let window: Tensor[] = []
let number = 0
for await (const image of camera()) {
  window.push(image)
  if (window.length < WINDOW) continue
  number++
  const { judgement, words } = await detector.check(arrayImages(concatenateRows(window)))
  const { severity, pValue } = judgement
  window = []
  console.log(
    `window ${number}: ${severity}, p = ${pValue?.toFixed(3)}  ${words.findings[0] ?? ''}`,
  )
}
await detector.close()
