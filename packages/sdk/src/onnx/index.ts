export { compile } from "./compile.ts";
export { encodeHeader, encodeStep, graphRootOf, type Header, PROFILE, stepHash, stepsRootOf } from "./graph.ts";
export * from "./model.ts";
export { ModelRefusedError, type Refusal } from "./modelRefused.ts";
export * from "./program.ts";
