export * from "./distribution.ts";
export * from "./faucet.ts";
export * from "./pause.ts";
export * from "./proposals.ts";
