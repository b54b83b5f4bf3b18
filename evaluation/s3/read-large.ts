/** Reads the images at a location, and prints how many megabytes of memory the process had at its peak above those before. */
import { readFileSync } from 'node:fs'
import { openImages } from '../../src/images/index.ts'

const shape = { channels: 3, height: 32, width: 32 }
const source = await openImages(process.argv[2])
const before = process.memoryUsage().rss
let images = 0
for await (const { records } of source.batches({ shape })) images += records.length
if (images === 0) throw new Error('no image was read')
// Not what `resourceUsage` says, which a process has from the one that started it.
const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
console.log((Number(kilobytes) * 1024 - before) / 1e6)
