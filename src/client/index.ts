export {
  type Client,
  type ClientOptions,
  createClient,
  type ImageToSend,
  type Receipt,
} from './client.ts'
export { createSendQueue, type SendQueue, type SendQueueOptions } from './send-queue.ts'
export { ServiceError } from './service-error.ts'
