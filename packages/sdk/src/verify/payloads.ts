import { getBytes } from "ethers";

import { decodePayload, faultOf, isInlineInput, PayloadError, payloadRoot } from "../codecs/payload.ts";
import type { Tensor } from "../codecs/tensor.ts";
import { type Check, equalCheck } from "./check.ts";

/** Whether what an order carries, or what was given in its place, is the input that it commits to. */
export function checkInput(inputRoot: string, carried: string, given: readonly Tensor[] | undefined): Check {
  const tensors = given ?? inlineTensors(getBytes(carried));
  if (tensors !== undefined) return equalCheck("input", "The root of the input", payloadRoot(tensors), inputRoot);
  const text =
    "The order does not carry its input but an address of it, or no payload: give `input` to have it checked.";
  return { subject: "input", finding: "untold", text };
}

function inlineTensors(carried: Uint8Array): readonly Tensor[] | undefined {
  if (!isInlineInput(carried)) return undefined;
  try {
    return decodePayload(carried);
  } catch {
    return undefined; // nodes then agree on the error `InputMissing`
  }
}

/** Whether these are the bytes of the output that was stated. */
export function checkOutput(outputRoot: string, given: readonly Tensor[] | undefined): Check {
  const fault = faultOf(outputRoot);
  if (fault !== PayloadError.None) {
    const name = Object.entries(PayloadError).find(([, value]) => value === fault)?.[0] ?? "";
    return { subject: "output", finding: "holds", text: `There is no output; the root stands for the error ${name}.` };
  }
  if (given !== undefined) return equalCheck("output", "The root of the output", payloadRoot(given), outputRoot);
  return { subject: "output", finding: "untold", text: "The bytes of the output were not given: give `output`." };
}
