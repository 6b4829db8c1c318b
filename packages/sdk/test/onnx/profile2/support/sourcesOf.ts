import type { IndexMap } from "../../../../src/onnx/profile2/compile/IndexMap.ts";

/** The index in the source of each element of a copy. */
export const sourcesOf = ({ base, digits }: IndexMap): readonly number[] =>
  digits.reduce(
    (sources, { size, stride }) =>
      sources.flatMap((source) => Array.from({ length: size }, (_, i) => source + i * stride)),
    [base],
  );
