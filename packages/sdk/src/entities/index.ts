export * from "./requestedJob.ts";
export * from "./settledJob.ts";
