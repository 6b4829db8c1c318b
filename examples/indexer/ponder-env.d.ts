/// <reference types="ponder/virtual" />

// Tells TypeScript of the modules that Ponder makes out of the files here.
declare module "ponder:internal" {
  const config: typeof import("./ponder.config.ts");
  const schema: typeof import("./ponder.schema.ts");
}

declare module "ponder:schema" {
  export * from "./ponder.schema.ts";
}
