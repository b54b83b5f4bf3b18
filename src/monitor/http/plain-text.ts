import { z } from 'zod'

/** Text of so many characters; no database of PostgreSQL takes a zero among them. */
export function plainText(longest: number) {
  return z
    .string()
    .max(longest)
    .refine((text) => !text.includes('\0'), 'expected text without the character 0')
}
