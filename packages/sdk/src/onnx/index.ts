export { compile } from "./compile.ts";
export { encodeHeader, encodeStep, graphRootOf, type Header, PROFILE, stepHash, stepsRootOf } from "./graph.ts";
export * from "./model.ts";
export { ModelRefusedError, type Refusal } from "./modelRefused.ts";
export { type Case, type Evidence, openCase, type Opening, openWords, traceTree } from "./opening.ts";
export * from "./program.ts";
