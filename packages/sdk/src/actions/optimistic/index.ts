export * from "./accounts.ts";
export * from "./answers.ts";
export * from "./batch.ts";
export * from "./delivery.ts";
export * from "./governance.ts";
export * from "./jobs.ts";
export * from "./orders.ts";
export * from "./serving.ts";
