export * from "./disputes.ts";
export * from "./door.ts";
export * from "./errors.ts";
export {
  callHeaders,
  type PaidCall,
  readCallHeaders,
  readReceiptQuestion,
  readReceiptText,
  RECEIPT_HEADER,
  writeReceipt,
} from "./headers.ts";
export { openSession, type OpenSessionParameters, resumeSession, type ResumeSessionParameters } from "./openSession.ts";
export {
  SessionClient,
  type SessionClientParameters,
  type SessionAnswer,
  type SessionInferParameters,
} from "./SessionClient.ts";
export * from "./SessionPool.ts";
export type { VersionSignature } from "./signature.ts";
export { beginningOf, CutError, EVENT_STREAM, mostTextBytes, textBytes, TextEvent, writtenBytes } from "./texts.ts";
export {
  type AnsweredCall,
  MemorySessionStore,
  type SentInput,
  type SessionProgress,
  type SessionStore,
} from "./state.ts";
