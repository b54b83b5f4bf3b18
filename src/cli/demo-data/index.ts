export { type Digits, loadDigits } from './digits.ts'
export { renderLetters } from './letters.ts'
