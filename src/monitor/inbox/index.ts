export { type Inbox, openInbox, type SentImage } from './inbox.ts'
