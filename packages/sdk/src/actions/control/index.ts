export * from "./distribution.ts";
export * from "./pause.ts";
export * from "./proposals.ts";
