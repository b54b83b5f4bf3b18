/** Text as one word of a POSIX shell, so that a command can be pasted as printed. */
export function shellWord(text: string): string {
  // A leading dash would be read as a flag.
  const word = text.startsWith('-') ? `./${text}` : text
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
