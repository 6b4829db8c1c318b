import { strict as assert } from "node:assert";
import { describe, it } from "node:test";

import { Acceptance, type AcceptanceModules } from "../dist/jobs/Acceptance.js";
import type { Offered } from "../dist/jobs/Offered.js";
import { recordingLog } from "./support/log.ts";

const OFFERED = { jobId: "job", job: { versionId: "version", price: 100n } } as Offered;
const HEAD = { number: 1, hash: "0x", timestamp: 0 };
const { signal } = new AbortController();

describe("Acceptance", () => {
  /** The least price of an answer, or why there is none, and what is said of the job then. */
  async function asked(alone: object | undefined, length: () => Promise<number>) {
    const modules = {
      offers: { offer: () => alone && { alone } },
      answerer: { length },
      log: recordingLog().log,
    } as unknown as AcceptanceModules;
    const acceptance = new Acceptance(modules, "node");
    const floor = await acceptance.floor(OFFERED, signal);
    return { floor, refusal: typeof floor === "string" && (await acceptance.refusal(OFFERED, 100n, 0n, floor, HEAD)) };
  }
  const never = () => assert.fail("nobody looks at the input");

  it("asks for the least price of an answer, and of a text for its bytes", async () => {
    assert.equal((await asked({ floorPrice: 7n }, never)).floor, 7n);
    assert.equal((await asked({ floorPrice: 7n, tokenPrice: 2n }, () => Promise.resolve(5))).floor, 17n);
  });

  it("tells a version that is not offered from an input that is not to be had", async () => {
    const unoffered = "the version is not offered";
    assert.deepEqual(await asked(undefined, never), { floor: unoffered, refusal: unoffered });
    const missing = "its input is not to be had";
    const fails = () => Promise.reject(new Error("nowhere"));
    assert.deepEqual(await asked({ floorPrice: 7n, tokenPrice: 2n }, fails), { floor: missing, refusal: missing });
  });
});
