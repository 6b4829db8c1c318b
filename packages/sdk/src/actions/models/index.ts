export * from "./models.ts";
export * from "./versions.ts";
