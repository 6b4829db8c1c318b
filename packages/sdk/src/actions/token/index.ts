export * from "./approveTokens.ts";
export * from "./cancelAuthorization.ts";
export * from "./domain.ts";
export * from "./ensureAllowance.ts";
export * from "./getTokenBalance.ts";
export * from "./signPermit.ts";
export * from "./signReceiveAuthorization.ts";
export * from "./transferTokens.ts";
