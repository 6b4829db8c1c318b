export * from "./payments.ts";
export * from "./permit.ts";
export * from "./tokens.ts";
