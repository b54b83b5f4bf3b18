import { colourBytes, measureColour } from './colour'
import { measureDetail } from './detail'
import { layoutBytes, measureLayout } from './layout'
import { measureTone } from './tone'
import { planeBytes } from './memory'
import { measureWavelet, waveletBytes } from './wavelet'

const toneColumns = 21
const detailColumns = 10
const waveletColumns = 10
const layoutColumns = 19

/** Bytes that `measureImages` needs as scratch. */
export function scratchBytes(channels: i32, height: i32, width: i32): usize {
  return (
    planeBytes(height, width) +
    waveletBytes(height, width) +
    layoutBytes(height, width) +
    colourBytes(channels)
  )
}

/** Measures `count` C×H×W images in [0, 1], one row of columns each; 64 bytes behind the last image must be readable. */
export function measureImages(
  images: usize,
  count: i32,
  channels: i32,
  height: i32,
  width: i32,
  out: usize,
  columns: i32,
  scratch: usize,
): void {
  const size = (<usize>(channels * height * width)) << 2
  for (let i = 0; i < count; i++) {
    measureImage(images, channels, height, width, out, scratch)
    images += size
    out += (<usize>columns) << 2
  }
}

function measureImage(
  values: usize,
  channels: i32,
  height: i32,
  width: i32,
  out: usize,
  scratch: usize,
): void {
  let grey = values
  if (channels > 1) {
    averageChannels(values, channels, height * width, scratch)
    grey = scratch
    scratch += planeBytes(height, width)
  }
  measureTone(values, channels * height * width, out)
  out += toneColumns << 2
  measureDetail(grey, height, width, out)
  out += detailColumns << 2
  measureWavelet(grey, height, width, out, scratch)
  out += waveletColumns << 2
  measureLayout(grey, height, width, out, scratch)
  out += layoutColumns << 2
  if (channels > 1) measureColour(values, channels, height, width, out, scratch)
}

/** Mean over the channels. */
function averageChannels(values: usize, channels: i32, count: i32, plane: usize): void {
  const size = (<usize>count) << 2
  const divisor = f32x4.splat(<f32>channels)
  for (let at: usize = 0; at < size; at += 16) {
    let sum = v128.load(values + at)
    for (let c = 1; c < channels; c++)
      sum = f32x4.add(sum, v128.load(values + <usize>c * size + at))
    v128.store(plane + at, f32x4.div(sum, divisor))
  }
}
