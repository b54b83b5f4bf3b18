export { type DigitOptions, type Digits, type LabelledPixels, loadDigits } from './digits.ts'
export { type LetterOptions, renderLetters } from './letters.ts'
