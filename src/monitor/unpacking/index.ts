export { openUnpacker, type Unpacker } from './unpacker.ts'
export type { UnpackedImage } from './unpacking-messages.ts'
