import { strict as assert } from "node:assert";
import { beforeEach, describe, it } from "node:test";

import { type Client, revealMany, roundIdOf, sealHash, sealMany, signSeal } from "@opg-protocol/sdk";
import { getAddress, id, Wallet } from "ethers";

import { createLogger } from "../dist/log.js";
import { Collector } from "../dist/relay/Collector.js";
import { FakeSender } from "./support/FakeSender.ts";
import { BLOCK, knownJob, ORDERED_AT } from "./support/knownJob.ts";

const addressOf = (name: string): string => getAddress(id(name).slice(0, 42));
const NODE = addressOf("node");
const SIGNER = new Wallet(id("signer"));
const [OUTPUT, SALT] = [id("output"), id("salt")];
/** Open, with its first draw since the order. */
const RECORD = 1n | (BigInt(ORDERED_AT) << 208n);

describe("Collector", () => {
  const { packed: job } = knownJob();
  let sender: FakeSender;
  let collector: Collector;
  let client: Client;
  /** Requests to the chain. */
  let asked: string[];
  /** Word of the round, and of the node's entry in it. */
  let round: bigint;
  let entry: string;
  let time: number;
  beforeEach(() => {
    [sender, asked, round, entry, time] = [new FakeSender(), [], 0n, `0x${"0".repeat(64)}`, ORDERED_AT + 1];
    const answer = <T>(name: string, value: () => T) => {
      asked.push(name);
      return Promise.resolve(value());
    };
    client = {
      chainId: 1n,
      addresses: { market: addressOf("market"), commitments: addressOf("commitments"), relay: addressOf("relay") },
      market: {
        jobOf: () => answer("jobOf", () => ({ record: RECORD })),
        commitSigned: { staticCall: () => answer("commitSigned", () => undefined) },
      },
      commitments: {
        roundOf: () => answer("roundOf", () => ({ round })),
        entryOf: () => answer("entryOf", () => entry),
      },
      staking: { signerOf: () => answer("signerOf", () => ({ signer: SIGNER.address })) },
    } as unknown as Client;
    const headNow = () => answer("head", () => ({ timestamp: time }));
    collector = new Collector({ client, sender, head: headNow, log: createLogger("silent", false) });
  });
  const head = () => ({ number: BLOCK, hash: "0x", timestamp: time });
  const failing = () => {
    sender.before = () => {
      throw new Error("no coin");
    };
  };
  const mended = () => {
    sender.before = () => undefined;
  };

  it("keeps the seals that it could not post, and posts them at the next head, once", async () => {
    const seal = await signSeal(client, {
      signer: SIGNER,
      node: NODE,
      roundId: roundIdOf(client, job, 0),
      commitment: id("seal"),
    });
    await collector.takeSeal({ job, seal });
    assert.deepEqual(asked, ["jobOf", "roundOf", "signerOf", "commitSigned"]);
    time = ORDERED_AT + 6; // half of the step is over
    failing();
    await collector.tend(head());
    mended();
    await collector.tend(head());
    await collector.tend(head());
    assert.deepEqual(sender.sent, [sealMany.call(client.addresses, { job, seals: [seal] }).data]);
  });

  it("keeps the reveals that it could not post, and posts them at the next head, once", async () => {
    const roundId = roundIdOf(client, job, 0);
    const reveal = { node: NODE, outputRoot: OUTPUT, salt: SALT };
    const { commitments } = client.addresses;
    entry = `${sealHash({ chainId: 1n, commitments, roundId, ...reveal }).slice(0, -2)}01`;
    const sealEndsAt = BigInt(ORDERED_AT + 10);
    // Two seals, of which one is handed in; a minute to reveal.
    round = sealEndsAt | (sealEndsAt << 48n) | (60n << 96n) | (1n << 128n) | (2n << 136n) | (2n << 144n);
    time = ORDERED_AT + 11;
    await collector.takeReveal({ job, reveal });
    assert.deepEqual(asked.toSorted(), ["entryOf", "head", "jobOf", "roundOf"]);
    time = ORDERED_AT + 20; // an eighth of the time is over
    failing();
    await collector.tend(head());
    mended();
    await collector.tend(head());
    await collector.tend(head());
    assert.deepEqual(sender.sent, [revealMany.call(client.addresses, { roundId, reveals: [reveal] }).data]);
  });
});
