import type { FitProgress } from '../detector/index.ts'
import { createRate, type ProgressLine } from './progress.ts'

/** Shows what a fit is doing, with images/s and time left. */
export function showFitProgress(
  line: ProgressLine,
  now: () => number,
): (progress: FitProgress) => void {
  const rate = createRate(now)
  return (progress) => {
    const { stage, done, total } = progress
    const speed = rate(stage, done, total)
    line.update([describeStage(progress), speed].filter((part) => part !== '').join(' · '))
  }
}

function describeStage({
  stage,
  done,
  total,
  epoch,
  epochs,
  trainingLoss,
  validationLoss,
}: FitProgress): string {
  switch (stage) {
    case 'reading':
      return total > 0 ? `reading ${done} of ${total} images` : `reading ${done} images`
    case 'training': {
      const losses = [
        trainingLoss === undefined ? '' : `loss ${trainingLoss.toFixed(4)}`,
        validationLoss === undefined ? '' : `validation ${validationLoss.toFixed(4)}`,
      ]
      const share = Math.floor((100 * done) / Math.max(1, total))
      return [`training ${share}%`, `epoch ${epoch} of ${epochs}`, ...losses]
        .filter((part) => part !== '')
        .join(' · ')
    }
    case 'measuring':
      return `measuring the held-out reference ${done} of ${total}`
  }
}
