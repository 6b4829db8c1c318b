export * from "./consumers.ts";
export * from "./delegation.ts";
export * from "./earnings.ts";
export * from "./nodes.ts";
export * from "./ownStake.ts";
export * from "./parameters.ts";
export * from "./signers.ts";
