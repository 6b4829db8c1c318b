import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { payloadRoot } from "../../src/codecs/payload.ts";
import { complete, CompletionTextError, throughSession, verifyCompletion } from "../../src/completions/index.ts";
import type { NamedTensor } from "../../src/oip/index.ts";
import { BadReceiptError } from "../../src/session/index.ts";
import { otherWord, PRICE, TestDoor } from "../session/support.ts";
import { textTensor, truthOf, VERSES, WINDOW } from "./support.ts";

const ORDER = { prompt: "And God said", limit: 6 };
const SIGNATURE = { inputs: VERSES.inputs, outputs: VERSES.outputs };

describe("complete, through a session", () => {
  let truth: NamedTensor[];
  before(async () => {
    truth = (await truthOf(ORDER)).map((tensor) => ({ ...tensor, name: "text" }));
  });
  let door: TestDoor;
  before(async () => {
    door = await new TestDoor().listen();
  });
  after(() => {
    door.close();
  });

  it("gives the text with the receipt that binds the node to it", async () => {
    door.conduct = () => ({ outputs: () => truth });
    const session = door.session({ signature: SIGNATURE });
    const { text, bytes, isEnded, inputs, outputs, statement } = await complete({
      order: ORDER,
      through: throughSession(session),
    });
    assert.equal(text, new TextDecoder().decode(truth[0]?.data.subarray(12, 18)));
    assert.equal(isEnded, false);
    assert.equal(statement.inputRoot, payloadRoot(inputs));
    assert.equal(statement.outputRoot, payloadRoot(outputs));
    assert.equal(await session.spent(), PRICE);
    assert.deepEqual(await verifyCompletion({ model: VERSES, order: ORDER, bytes }), { isRight: true });
  });

  it("gives nothing for a receipt that is no good, or for what is no text", async () => {
    door.conduct = () => ({
      outputs: () => truth,
      receipt: (one) => ({ ...one, outputRoot: otherWord(one.outputRoot) }),
    });
    const ask = () => complete({ order: ORDER, through: throughSession(door.session({ signature: SIGNATURE })) });
    await assert.rejects(ask(), (error) => error instanceof BadReceiptError && error.fault === "output");
    door.conduct = () => ({ outputs: () => [{ ...textTensor(new Uint8Array(WINDOW).fill(65)), name: "text" }] });
    await assert.rejects(ask(), new CompletionTextError("position 0 holds 65 outside of the text, not 0"));
  });
});
