export * from "./accounts.ts";
export * from "./games.ts";
export * from "./statements.ts";
