export * from "./caps.ts";
export * from "./nonces.ts";
