export * from "./releasedVersion.ts";
export * from "./requestedJob.ts";
export * from "./settledJob.ts";
