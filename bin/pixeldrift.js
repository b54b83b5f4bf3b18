#!/usr/bin/env node
// In a clone the sources run as they are; inside node_modules Node reads no TypeScript, so their build does.
const isInstalled = import.meta.url.includes('/node_modules/')
const main = isInstalled ? '../dist/cli/main.js' : '../src/cli/main.ts'
try {
  await import(new URL(main, import.meta.url).href)
} catch (error) {
  if (error.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error
  process.stderr.write(
    `pixeldrift: the sources need Node 22.18 or newer, got ${process.versions.node}\n` +
      '  `npx pixeldrift` in this folder uses the Node that `npm ci` brought.\n',
  )
  process.exitCode = 2
}
