export * from "./catalogue.ts";
export * from "./decodeSuiteError.ts";
export * from "./dependencies.ts";
export type * from "./entry.ts";
export * from "./faults.ts";
export { ProtocolError } from "./ProtocolError.ts";
