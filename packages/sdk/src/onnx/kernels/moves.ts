/** MOVE and CONCAT: bytes that only change their places. */
import { commit, copyStrided, placementOf, uncommit } from "../layout.ts";
import { attrsOf, type KernelMaker, nth } from "./kernel.ts";

export const move: KernelMaker = (program) => {
  const { step } = program;
  const source = nth(step.inputs, 0);
  const permutation = attrsOf(program);
  if (permutation.length === 0) return ([input = new Uint8Array()]) => commit(step, uncommit(source, input));
  const from = placementOf(source).strides;
  const strides = permutation.map((axis) => from[axis] ?? 0);
  const to = placementOf(step);
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(to.byteLength);
    copyStrided(step.shape, { bytes: input, strides }, { bytes: output, strides: to.strides });
    return output;
  };
};

export const concat: KernelMaker = (program) => {
  const { step, constants } = program;
  const [axis = 0] = attrsOf(program);
  const to = placementOf(step);
  const tables = step.inputs.map((_, i) => constants.subarray(256 * i, 256 * (i + 1)));
  const strides = step.inputs.map((source) => placementOf(source).strides);
  return (inputs) => {
    const output = new Uint8Array(to.byteLength);
    let offset = 0;
    for (const [i, { shape }] of step.inputs.entries()) {
      const table = nth(tables, i);
      const bytes = nth(inputs, i).map((byte) => table[byte] ?? 0);
      copyStrided(shape, { bytes, strides: nth(strides, i) }, { bytes: output, strides: to.strides, offset });
      offset += (shape[axis] ?? 0) * (to.strides[axis] ?? 0);
    }
    return output;
  };
};
