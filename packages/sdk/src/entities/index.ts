export * from "./closedJob.ts";
export * from "./entity.ts";
export * from "./offeredJob.ts";
export * from "./releasedVersion.ts";
export * from "./requestedJob.ts";
export * from "./settledJob.ts";
