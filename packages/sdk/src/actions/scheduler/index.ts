export * from "./governance.ts";
export * from "./runs.ts";
export * from "./schedules.ts";
