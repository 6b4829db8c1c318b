export * from "./market/index.ts";
export * from "./token/index.ts";
