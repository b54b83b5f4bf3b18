import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Detector, fit } from '../../../src/detector/index.ts'
import { encodedImages } from '../../../src/images/index.ts'
import { mergeMeasurements, type Measurements } from '../../../src/measuring/index.ts'
import {
  createGuards,
  GUARD_NAMES,
  type GuardName,
  type Guards,
  type GuardState,
  NO_GUARD_STATE,
} from '../../../src/monitor/guards/index.ts'
import { createRandom, tensor, type Tensor } from '../../../src/tensor/index.ts'
import { pngsOf } from '../running-service.ts'

const SIDE = 8
const AREA = SIDE * SIDE

/** Red, green and blue. */
const TINT = [0.6, 0.35, 0.15]

/** Pictures in colour: a warm spot somewhere on a cool ground, with noise. */
function pictures(count: number, seed: number, channels: 1 | 3 = 3): Tensor {
  const random = createRandom(seed)
  const data = new Float32Array(count * channels * AREA)
  for (let image = 0; image < count; image++) {
    const [x, y] = [SIDE * random.uniform(), SIDE * random.uniform()]
    const light = 0.6 + 0.5 * random.uniform()
    for (let channel = 0; channel < channels; channel++) {
      for (let i = 0; i < AREA; i++) {
        const square = ((i % SIDE) - x) ** 2 + (Math.floor(i / SIDE) - y) ** 2
        const spot = 0.4 * Math.exp(-square / 6)
        const value = (light + spot) * TINT[channel] + 0.02 * random.normal()
        data[(image * channels + channel) * AREA + i] = level(value)
      }
    }
  }
  return tensor([count, channels, SIDE, SIDE], data)
}

function level(value: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, value))) / 255
}

/** The same pictures, their values changed one by one or image by image. */
function changed(pixels: Tensor, change: (image: Float32Array, number: number) => void): Tensor {
  const data = pixels.data.slice()
  const [count] = pixels.shape
  const size = data.length / count
  for (let i = 0; i < count; i++) change(data.subarray(i * size, (i + 1) * size), i)
  return tensor([...pixels.shape], data)
}

let colour: Detector
let grey: Detector

before(async () => {
  const learn = async (channels: 1 | 3) =>
    fit(filesOf(await pngsOf(pictures(200, 1, channels))), { epochs: 1 })
  ;[colour, grey] = [await learn(3), await learn(1)]
})

async function measured(detector: Detector, pixels: Tensor): Promise<Measurements> {
  const parts: Measurements[] = []
  for await (const part of detector.measure(filesOf(await pngsOf(pixels)))) parts.push(part)
  return merged(parts, detector)
}

function filesOf(files: readonly Buffer[]) {
  return encodedImages(files.map((encoded, i) => ({ record: { id: `${i}` }, encoded })))
}

function merged(parts: readonly Measurements[], { extractor }: Detector): Measurements {
  return mergeMeasurements(parts, { extractorId: extractor.id, columns: extractor.columns })
}

/** What guards find of images one after the other; null could not be read. */
function watch(
  guards: Guards,
  all: Measurements,
  arrivals: readonly boolean[] = all.images.map(() => true),
) {
  let state: GuardState = NO_GUARD_STATE
  let read = 0
  const told: string[] = []
  const width = all.columns.length
  const recent = (most: number): Measurements => {
    const from = Math.max(0, read - most)
    const images = all.images.slice(from, read)
    return {
      ...all,
      images,
      values: all.values.slice(from * width, read * width),
      places: undefined,
      count: images.length,
    }
  }
  for (const [i, isRead] of arrivals.entries()) {
    if (isRead) read++
    const stepped = guards.arrive(state, isRead, recent)
    // What is stored in between is plain data.
    state = JSON.parse(JSON.stringify(stepped.state)) as GuardState
    for (const { name, isRaised } of stepped.turns) {
      told.push(`${i + 1} ${isRaised ? '' : 'no '}${name}`)
    }
  }
  return { told, raised: state.raised }
}

function guardsOf({ baseline, manifest }: Detector): Guards {
  return createGuards(baseline, manifest.policy)
}

describe('guards', () => {
  it('say nothing of images like those of the reference, however many', async () => {
    for (const [detector, channels] of [
      [colour, 3],
      [grey, 1],
    ] as const) {
      const { told } = watch(
        guardsOf(detector),
        await measured(detector, pictures(400, 7, channels)),
      )
      assert.deepEqual(told, [])
    }
  })

  const FAULTS: { readonly [name in GuardName]?: (pixels: Tensor) => Tensor } = {
    'constant-frame': (pixels) =>
      changed(pixels, (image, i) => image.forEach((_, k) => (image[k] = (i % 5) / 5))),
    'repeated-frame': (pixels) => {
      const first = pixels.data.slice(0, 3 * AREA)
      return changed(pixels, (image) => image.set(first))
    },
    'near-duplicates': (pixels) => {
      const size = 3 * AREA
      const firsts = pixels.data.slice(0, 4 * size)
      return changed(pixels, (image, i) =>
        image.set(firsts.subarray((i % 4) * size, ((i % 4) + 1) * size)),
      )
    },
    greyscale: (pixels) =>
      changed(pixels, (image) => {
        for (let i = 0; i < AREA; i++) {
          const mean = level((image[i] + image[AREA + i] + image[2 * AREA + i]) / 3)
          for (let c = 0; c < 3; c++) image[c * AREA + i] = mean
        }
      }),
    'channel-order': (pixels) =>
      changed(pixels, (image) => {
        const red = image.slice(0, AREA)
        image.copyWithin(0, 2 * AREA)
        image.set(red, 2 * AREA)
      }),
    'value-range': (pixels) =>
      changed(pixels, (image) =>
        image.forEach((value, i) => (image[i] = (value > 0.2 ? 1 : 0) / 255)),
      ),
  }

  for (const [name, apply] of Object.entries(FAULTS)) {
    it(`find ${name}, name nothing else, and say when it is over`, async () => {
      const sound = await measured(colour, pictures(60, 8))
      const faulty = await measured(colour, apply(pictures(60, 9)))
      const after = await measured(colour, pictures(140, 10))
      const parts = [sound, faulty, after].map((part, i) =>
        Object.assign({}, part, {
          images: part.images.map(({ record, hash, place }) => ({
            record,
            hash,
            place: place + 1000 * i,
          })),
        }),
      )
      const { told } = watch(guardsOf(colour), merged(parts, colour))
      assert.equal(told.length, 2, told.join(', '))
      const [raised, over] = told.map((line) => line.split(/(?<=\d) /))
      assert.deepEqual([raised[1], over[1]], [name, `no ${name}`])
      // Within the images of one look and the share that it takes.
      assert.ok(Number(raised[0]) > 60 && Number(raised[0]) <= 100, raised[0])
      const latest = /^(?:repeated|near)/.test(name) ? 220 : 170
      assert.ok(Number(over[0]) > 130 && Number(over[0]) <= latest, over[0])
    })
  }

  it('say of film that stands still and moves on by turns once that it stands still', async () => {
    const stills = 25
    // For so many images the same, then for twice as many each another.
    const film = changed(pictures(600, 11), (image, i) => {
      if (i % (3 * stills) >= stills) return
      image
        .fill(0.25)
        .fill(0.5, 0, AREA)
        .fill(0.75, 0, AREA / 2)
    })
    const { told } = watch(guardsOf(colour), await measured(colour, film))
    assert.deepEqual(
      told.map((line) => line.replace(/^\d+ /, '')),
      ['repeated-frame'],
    )
  })

  it('find values that were taken for another range the other way: black and white alone', async () => {
    const clipped = changed(pictures(40, 3), (image) =>
      image.forEach((value, i) => (image[i] = value > 0.35 ? 1 : 0)),
    )
    assert.deepEqual(watch(guardsOf(colour), await measured(colour, clipped)).raised, [
      'value-range',
    ])
  })

  it('find another shape and another size, where these may not change', async () => {
    const cut = (height: number, width: number) => {
      const pixels = pictures(40, 4)
      const data = new Float32Array(40 * 3 * height * width)
      for (let plane = 0; plane < 120; plane++) {
        for (let i = 0; i < height * width; i++) {
          const from = plane * AREA + (Math.floor(i / width) % SIDE) * SIDE + ((i % width) % SIDE)
          data[plane * height * width + i] = pixels.data[from]
        }
      }
      return tensor([40, 3, height, width], data)
    }
    const guards = guardsOf(colour)
    const look = async (height: number, width: number, own = guards) =>
      watch(own, await measured(colour, cut(height, width))).raised
    assert.deepEqual(await look(8, 12), ['wrong-shape'])
    assert.deepEqual(await look(16, 16), ['resized'])
    assert.deepEqual(await look(8, 8), [])
    const tolerant = createGuards(colour.baseline, {
      ...colour.manifest.policy,
      tolerateFiles: ['size'],
    })
    assert.deepEqual(await look(8, 12, tolerant), [])
  })

  it('find colour where the reference is grey', async () => {
    const { raised } = watch(guardsOf(grey), await measured(grey, pictures(40, 5)))
    assert.deepEqual(raised, ['greyscale'])
  })

  it('find images that can’t be read, also where none can any more', async () => {
    const sound = await measured(colour, pictures(60, 6))
    const guards = guardsOf(colour)
    // Every fifth one, then none.
    const some = Array.from({ length: 60 }, (_, i) => i < 30 || i % 3 > 0)
    assert.deepEqual(watch(guards, sound, some).told, ['60 undecodable'])
    const none = Array.from({ length: 60 }, (_, i) => i < 30)
    assert.deepEqual(watch(guards, sound, none).told, ['40 undecodable'])
    assert.deepEqual(
      watch(
        guards,
        sound,
        none.map(() => false),
      ).told,
      ['20 undecodable'],
    )
    const few = Array.from({ length: 60 }, (_, i) => i % 12 > 0)
    assert.deepEqual(watch(guards, sound, few).told, [])
  })

  it('are tested each', () => {
    const others: GuardName[] = ['undecodable', 'wrong-shape', 'resized']
    assert.deepEqual([...Object.keys(FAULTS), ...others].toSorted(), [...GUARD_NAMES].toSorted())
  })
})
