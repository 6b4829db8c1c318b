/** A job in which a node has stated a text of the language model. */
import { encodePayload, payloadRoot, type Tensor } from "@opg-protocol/sdk";
import { hexlify } from "ethers";

import { VERSES, VERSES_IDENTITY } from "../../support/verses.ts";
import { ARTIFACT_URI, type Differences, NODE_URL } from "./digits.ts";

/** What of the job of the digits is different for one in which a node has stated a text. */
export const statedText = (input: readonly Tensor[], text: Tensor): Differences => ({
  identity: VERSES_IDENTITY,
  inputRoot: payloadRoot(input),
  carried: hexlify(encodePayload(input)),
  outputRoot: payloadRoot([text]),
});

/** What a world serves in which the node gives this text. */
export const servingText = (text: Tensor): Readonly<Record<string, Uint8Array>> => ({
  [ARTIFACT_URI]: VERSES,
  [`${NODE_URL}/v1/outputs/${payloadRoot([text])}`]: encodePayload([text]),
});
