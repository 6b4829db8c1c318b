export * from "./closedJob.ts";
export * from "./createdSchedule.ts";
export * from "./entity.ts";
export * from "./offeredJob.ts";
export * from "./orderedRun.ts";
export * from "./releasedVersion.ts";
export * from "./requestedJob.ts";
export * from "./settledJob.ts";
