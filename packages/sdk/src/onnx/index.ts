export { bitsOf, divide, floatOf, fma, requant } from "./arithmetic.ts";
export { compile } from "./compile.ts";
export { Executor, InputMismatchError, NaNInputError, type Trace } from "./executor.ts";
export { encodeHeader, encodeStep, graphRootOf, type Header, PROFILE, stepHash, stepsRootOf } from "./graph.ts";
export { fastKeccak } from "./keccak.ts";
export { commit, copyStrided, type Placed, type Placement, placementOf, uncommit } from "./layout.ts";
export * from "./model.ts";
export { ModelRefusedError, type Refusal } from "./modelRefused.ts";
export * from "./program.ts";
