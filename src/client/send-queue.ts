import type { Client, ImageToSend } from './client.ts'

/** Sends images in the background, and never slows down who predicts. */
export type SendQueue = {
  /** Takes an image, or drops and counts it where too many wait; false then. Returns at once. */
  push(image: ImageToSend): boolean
  /** Images that were dropped, since too many waited or the service would not take them. */
  readonly dropped: number
  readonly waiting: number
  /** Resolves when all that waits is sent or dropped; nothing is taken any more. */
  close(): Promise<void>
}

export type SendQueueOptions = {
  /** Images that may wait. Default 1000. */
  readonly capacity?: number | undefined
  /** Images of one request. Default 32. */
  readonly together?: number | undefined
  /** Told of images that the service would not take. Default: they are counted only. */
  readonly onDropped?: ((images: readonly ImageToSend[], error: unknown) => void) | undefined
}

/** A queue in front of a client. */
export function createSendQueue(
  client: Pick<Client, 'send'>,
  { capacity = 1000, together = 32, onDropped = () => {} }: SendQueueOptions = {},
): SendQueue {
  const waiting: ImageToSend[] = []
  let sending: Promise<void> | undefined
  let dropped = 0
  let isClosed = false
  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const images = waiting.slice(0, together)
      try {
        await client.send(images)
      } catch (error) {
        dropped += images.length
        onDropped(images, error)
      }
      // They count as waiting until it is known what became of them.
      waiting.splice(0, images.length)
    }
    sending = undefined
  }
  return {
    get dropped() {
      return dropped
    },
    get waiting() {
      return waiting.length
    },
    push: (image) => {
      if (isClosed || waiting.length >= capacity) {
        dropped++
        return false
      }
      waiting.push(image)
      sending ??= Promise.resolve().then(send)
      return true
    },
    close: async () => {
      isClosed = true
      await sending
    },
  }
}
