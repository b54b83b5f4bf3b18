import type { Session } from '../../engine/index.ts'
import { DriftError } from '../../errors.ts'
import type { ImageShape } from '../../images/index.ts'
import { requirePixels } from '../pixel-rows.ts'
import { elementCount, type Tensor, tensor } from '../../tensor/index.ts'
import { describeInput, imagePreparer, type InputPlan } from './preprocessing.ts'

/** A loaded classifier and how images are fed to it. */
export type Runner = {
  readonly session: Session
  readonly input: string
  readonly output: string
  readonly plan: InputPlan
  /** Shape of the images before preparation. */
  readonly images: ImageShape
  /** The model's own where it declares one, else 0. */
  readonly fixedBatch: number
}

/** Values per run of a model that takes any batch: larger ones leave the processor's cache. */
const valuesPerRun = 1 << 18

/** Scores N×K of N×C×H×W pixels in [0, 1]. */
export async function runClassifier(runner: Runner, pixels: Tensor): Promise<Tensor> {
  const rows = requirePixels(pixels, runner.images)
  const imageSize = elementCount(pixels.shape.slice(1))
  const inputSize = elementCount(inputShape(runner.plan))
  const step = runner.fixedBatch || Math.max(1, Math.min(256, Math.floor(valuesPerRun / inputSize)))
  const prepare = imagePreparer(runner.plan, runner.images)
  let scores = new Float32Array()
  let classes = 0
  for (let start = 0; start < rows; start += step) {
    const count = Math.min(step, rows - start)
    const batch = runner.fixedBatch || count
    const data = new Float32Array(batch * inputSize)
    for (let row = 0; row < count; row++) {
      const from = (start + row) * imageSize
      prepare(pixels.data.subarray(from, from + imageSize), data, row * inputSize)
    }
    const result = await runOnce(runner, tensor([batch, ...inputShape(runner.plan)], data))
    classes = result.length / batch
    if (start === 0) scores = new Float32Array(rows * classes)
    scores.set(result.subarray(0, count * classes), start * classes)
  }
  return tensor([rows, classes], scores)
}

/** One run; throws DriftError('config.invalid') when the model refuses the input or gives no scores. */
async function runOnce(runner: Runner, input: Tensor): Promise<Float32Array> {
  const { session, plan, output } = runner
  const rows = input.shape[0]
  const result = await session.run({ [runner.input]: input }, [output]).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new DriftError(
      'config.invalid',
      `the classifier does not take ${describeInput(plan)}: ${message}`,
      { cause, hint: 'State its pre-processing: layout, size, scale, mean and std.' },
    )
  })
  const { shape, data } = result[output]
  const isScores = data instanceof Float32Array && data.length > 0 && data.length % rows === 0
  if (isScores && (shape[0] === rows || shape.length === 0) && data.every(Number.isFinite))
    return data
  throw new DriftError(
    'config.invalid',
    `expected finite float32 scores ${rows}×classes from the classifier’s output ${output}, got [${shape.join(', ')}]`,
    {
      hint: 'Name the output that holds the logits or probabilities: --classifier-output, or the option output.',
    },
  )
}

function inputShape({ layout, shape: { channels, height, width } }: InputPlan): readonly number[] {
  if (layout === 'flat') return [channels * height * width]
  return layout === 'nhwc' ? [height, width, channels] : [channels, height, width]
}
