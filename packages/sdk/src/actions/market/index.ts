export {
  type DepositArguments,
  type DepositParameters,
  type DepositWithPermitParameters,
  type PermittedDeposit,
  type SignDepositParameters,
  type SignedDeposit,
  type WithdrawArguments,
  type WithdrawParameters,
} from "../accounts.ts";
export type { BatchParameters } from "../batch.ts";
export * from "./accounts.ts";
export * from "./batch.ts";
export * from "./delivery.ts";
export * from "./draws.ts";
export * from "./governance.ts";
export * from "./jobs.ts";
export * from "./nextStep.ts";
export * from "./orders.ts";
export * from "./relayed.ts";
export * from "./results.ts";
export * from "./rounds.ts";
export * from "./seats.ts";
export * from "./serving.ts";
export * from "./settlement.ts";
