export {
  type Client,
  type ClientOptions,
  createClient,
  type GroundTruth,
  type ImageScore,
  type ImageToSend,
  type Receipt,
  type ScoredReceipt,
  type TruthReceipt,
} from './client.ts'
export { createSendQueue, type SendQueue, type SendQueueOptions } from './send-queue.ts'
export { ServiceError } from './service-error.ts'
export type { FileReceipt, SendFileOptions } from './send-file.ts'
