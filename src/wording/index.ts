export {
  formatChange,
  formatCount,
  formatCountOf,
  formatEffect,
  formatFrequency,
  formatInterval,
  formatNumber,
  formatPercent,
  formatPValue,
  formatPValueEquation,
  formatRate,
  formatShare,
  type Interval,
} from './number-format.ts'
export {
  keepEquations,
  renderTable,
  sentence,
  visibleText,
  withoutExplanation,
  wrapText,
} from './text-layout.ts'
