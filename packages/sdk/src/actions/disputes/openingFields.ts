import type { Opening } from "../../onnx/index.ts";

/** Opened words as a call takes them. */
export const openingFields = ({ words, siblings }: Opening) => ({ words: [...words], siblings: [...siblings] });
