import { dataSlice, getBytes, hexlify } from "ethers";

import { WORD } from "../../codecs/merkle.ts";
import { elementSize } from "../../onnx/layout.ts";
import type { ProgramStep } from "../../onnx/program.ts";
import { elementAt } from "../../onnx/reads.ts";
import type { ClaimedElement } from "./endings.ts";
import type { DisputedElement, ExplainedNumber } from "./explanation.ts";
import { type LaidTensor, shownOf } from "./moves.ts";

const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;

/** What is known of the numbers that a node has laid down; nothing where they or the right ones are not known. */
export interface FoundElement {
  readonly element?: DisputedElement;
  /** How many elements are wrong in what the node has shown. */
  readonly wrongElements?: number;
}

/**
 * Compares what a node has shown of a tensor with what the step makes.
 * @param right all words of the tensor as it should be.
 */
export function findElement(
  programStep: ProgramStep,
  laid: LaidTensor,
  right: Uint8Array | undefined,
  judged: ClaimedElement | undefined,
): FoundElement {
  const { first, words } = shownOf(laid);
  const isComparable = right !== undefined && words.length > 0;
  const wrong = isComparable ? words.flatMap((word, i) => differences(programStep, first + i, word, right)) : [];
  const chosen = judged ?? wrong[0];
  return {
    ...(chosen && { element: explained(programStep, chosen, right, judged !== undefined) }),
    ...(isComparable && { wrongElements: wrong.length }),
  };
}

/** The elements of one word that are wrong. */
function differences({ step }: ProgramStep, word: number, claimed: string, right: Uint8Array): ClaimedElement[] {
  const [own, size] = [hexlify(wordOf(right, word)), elementSize(step.dtype)];
  if (claimed === own) return [];
  const offsets = Array.from({ length: WORD / size }, (_, i) => i * size);
  const bytes = (hex: string, offset: number) => dataSlice(hex, offset, offset + size);
  return offsets
    .filter((offset) => bytes(claimed, offset) !== bytes(own, offset))
    .map((offset) => ({ word, offset, claimed }));
}

/** Word `index` of a tensor; zero beyond it, as in its tree. */
function wordOf(words: Uint8Array, index: number): Uint8Array {
  const word = new Uint8Array(WORD);
  word.set(words.subarray(index * WORD, (index + 1) * WORD));
  return word;
}

function explained(
  programStep: ProgramStep,
  { word, offset, claimed }: ClaimedElement,
  right: Uint8Array | undefined,
  isProven: boolean,
): DisputedElement {
  return {
    coordinates: elementAt(programStep.step, word, offset),
    word,
    offset,
    claimed: numberIn(programStep, getBytes(claimed), offset),
    right: right && numberIn(programStep, wordOf(right, word), offset),
    isProven,
  };
}

function numberIn({ step, quantisation }: ProgramStep, word: Uint8Array, offset: number): ExplainedNumber {
  const view = new DataView(word.buffer, word.byteOffset + offset);
  switch (step.dtype) {
    case FLOAT: {
      const value = view.getFloat32(0, true);
      return { stored: value, real: value };
    }
    case INT32:
      return { stored: view.getInt32(0, true), real: undefined };
    case INT64:
      return { stored: view.getBigInt64(0, true), real: undefined };
    default: {
      const stored = view.getUint8(0);
      return { stored, real: quantisation && (stored - quantisation.zeroPoint) * quantisation.scale };
    }
  }
}
