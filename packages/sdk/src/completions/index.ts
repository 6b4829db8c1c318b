export {
  complete,
  type CompleteParameters,
  type Completion,
  type CompletionCall,
  type CompletionTransport,
} from "./complete.ts";
export * from "./errors.ts";
export { endIn, numberIn, promptIn } from "./layout.ts";
export * from "./order.ts";
export * from "./throughJob.ts";
export * from "./streamCompletion.ts";
export { throughSession } from "./throughSession.ts";
export * from "./verify.ts";
