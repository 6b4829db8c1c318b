export type { Action, Call } from "./action.ts";
export { gasLimitOf } from "./gas.ts";
export * from "./control/index.ts";
export * from "./disputes/index.ts";
export * from "./market/index.ts";
export * from "./models/index.ts";
export * from "./optimistic/index.ts";
export * from "./staking/index.ts";
export * from "./token/index.ts";
