import { strict as assert } from "node:assert";
import { beforeEach, describe, it } from "node:test";

import {
  type Client,
  commitSigned,
  JobState,
  packRules,
  revealMany,
  revealManyAndSettle,
  revealPackedAndSettle,
  roundIdOf,
  sealEntry,
  sealHash,
  sealMany,
  signSeal,
  unpackSeals,
} from "@opg-protocol/sdk";
import { getAddress, id, Interface, makeError, toBeHex, Wallet, ZeroHash } from "ethers";

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
/** Ended with what its nodes agreed on. */
const AGREED = BigInt(JobState.Agreed);
/** In its appeal since then. */
const APPEAL = RECORD | 3n;
const SEAL_ENDS_AT = BigInt(ORDERED_AT + 10);
/** Three have sealed, of two that there had to be; a minute to reveal. */
const THREE = SEAL_ENDS_AT | (SEAL_ENDS_AT << 48n) | (60n << 96n) | (2n << 128n) | (9n << 136n) | (3n << 144n);
const PACKED = THREE | (1n << 248n);
const contracts = new Interface([
  "event RoundOpened(bytes32 indexed roundId, address indexed consumer, bytes32 indexed jobId, uint256 attempt, uint256 terms)",
  "event ResultSealed(bytes32 indexed roundId, address indexed node, bytes32 commitment, uint256 sealEndsAt)",
  "error CommitmentsPacked(bytes32 roundId)",
  "error CommitmentsOtherPack(bytes32 roundId, uint256 given, uint256 kept)",
  "error CommitmentsAlreadySealed(bytes32 roundId, address node)",
  "error PolicyNotFinal(bytes32 jobId, uint8 state, uint8 next)",
]);

/** What a provider throws where a contract refuses. */
function refusal(name: string, ...values: readonly unknown[]): Error {
  const data = contracts.encodeErrorResult(name, values);
  const transaction = { to: null, data: "0x" };
  const action = "call";
  return makeError(name, "CALL_EXCEPTION", { action, data, reason: null, transaction, invocation: null, revert: null });
}

describe("Collector", () => {
  const { packed: job } = knownJob();
  const nodes = ["one", "two", "three"].map(addressOf).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  let sender: FakeSender;
  let collector: Collector;
  let client: Client;
  /** Requests to the chain. */
  let asked: string[];
  /** Word of the round, and of the node's entry in it. */
  let round: bigint;
  let record: bigint;
  let entry: string;
  /** Logs of the round. */
  let logs: readonly object[];
  let time: number;
  beforeEach(() => {
    [sender, asked, round, entry, time] = [new FakeSender(), [], 0n, `0x${"0".repeat(64)}`, ORDERED_AT + 1];
    const answer = async <T>(name: string, value: () => T) => {
      asked.push(name);
      await Promise.resolve();
      return value();
    };
    [logs, record] = [[], RECORD];
    client = {
      chainId: 1n,
      logRange: 10_000,
      addresses: new Proxy({}, { get: (_, name) => addressOf(String(name)) }),
      provider: {
        getBlockNumber: () => Promise.resolve(BLOCK),
        getLogs: ({ address }: { address: string }) =>
          answer("getLogs", () => (address === addressOf("commitments") ? logs : [])),
      },
      market: {
        jobOf: () => answer("jobOf", () => ({ record })),
        commitSigned: { staticCall: () => answer("commitSigned", () => undefined) },
      },
      commitments: {
        roundOf: () =>
          answer("roundOf", () => {
            if (round >> 248n > 0n) throw refusal("CommitmentsPacked", ZeroHash);
            return { round };
          }),
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
    assert.deepEqual(asked, ["jobOf", "signerOf", "commitSigned"]);
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

  describe("with the last reveals of a job", () => {
    /** What ends the job, and what reveals alone. */
    async function last() {
      const roundId = roundIdOf(client, job, 0);
      const { seal, reveal } = await answered(NODE);
      entry = sealEntry(seal.commitment);
      round = THREE | (2n << 152n);
      time = ORDERED_AT + 11;
      await collector.takeReveal({ job, reveal });
      const reveals = [reveal];
      const ends = revealManyAndSettle.call(client.addresses, { job, roundId, reveals, seats: [] });
      return { ends: ends.data, reveals: revealMany.call(client.addresses, { roundId, reveals }).data };
    }

    it("only reveals where the job cannot end with it", async () => {
      const { reveals } = await last();
      sender.before = ({ kind }) => {
        if (kind === "revealManyAndSettle") throw refusal("PolicyNotFinal", ZeroHash, JobState.Open, JobState.Open);
      };
      await collector.tend(head());
      assert.deepEqual(sender.sent, [reveals]);
    });

    it("does not take for a refusal that it could not send, and pays for one transaction", async () => {
      const { ends } = await last();
      sender.before = ({ kind }) => {
        if (kind === "revealManyAndSettle") throw new Error("no answer");
      };
      await collector.tend(head());
      mended();
      await collector.tend(head());
      assert.deepEqual(sender.sent, [ends]);
    });
  });

  /** A seal of a node, signed, and what shows it. */
  async function answered(node: string, of = job, outputRoot = OUTPUT, attempt = 0) {
    const roundId = roundIdOf(client, of, attempt);
    const { commitments } = client.addresses;
    const commitment = sealHash({ chainId: 1n, commitments, roundId, node, outputRoot, salt: SALT });
    const seal = await signSeal(client, { signer: SIGNER, node, roundId, commitment });
    return { seal, reveal: { node, outputRoot, salt: SALT } };
  }

  describe("where seals are enough for a draw", () => {
    const half = ORDERED_AT + 6;

    it("posts them together, so that they are packed, and keeps them until they are in the round", async () => {
      const seals = await Promise.all(nodes.map(async (node) => (await answered(node)).seal));
      for (const seal of seals.toReversed()) await collector.takeSeal({ job, seal });
      time = half;
      await collector.tend(head());
      const subject = roundIdOf(client, job, 0);
      assert.deepEqual(sender.actions, [
        { kind: "commitSigned", subject, ...commitSigned.call(client.addresses, { job, seals }) },
      ]);
      round = THREE;
      entry = toBeHex(1n, 32);
      await collector.tend(head());
      assert.equal(sender.actions.length, 1);
    });

    it("posts each by itself where others were faster", async () => {
      const seals = await Promise.all(nodes.map(async (node) => (await answered(node)).seal));
      for (const seal of seals) await collector.takeSeal({ job, seal });
      round = THREE;
      time = half;
      await collector.tend(head());
      assert.deepEqual(sender.sent, [sealMany.call(client.addresses, { job, seals }).data]);
    });

    it("packs no more than there are seats", async () => {
      const names = Array.from({ length: 10 }, (_, i) => addressOf(`${i}`));
      const seals = await Promise.all(names.map(async (node) => (await answered(node)).seal));
      for (const seal of seals) await collector.takeSeal({ job, seal });
      await collector.tend(head());
      const call = commitSigned.call(client.addresses, { job, seals: seals.slice(0, 9) });
      assert.deepEqual(sender.sent, [call.data]);
    });

    it("packs none of an appeal", async () => {
      record = APPEAL;
      const appealed = { ...job, rules: packRules(knownJob().job.rules) };
      const names = Array.from({ length: 12 }, (_, i) => addressOf(`${i}`));
      const seals = await Promise.all(names.map(async (node) => (await answered(node, appealed, OUTPUT, 2)).seal));
      for (const seal of seals) await collector.takeSeal({ job: appealed, seal });
      time = ORDERED_AT + 60;
      await collector.tend(head());
      assert.deepEqual(sender.sent, [sealMany.call(client.addresses, { job: appealed, seals }).data]);
    });

    it("waits for what it has sent", async () => {
      for (const node of nodes) await collector.takeSeal({ job, seal: (await answered(node)).seal });
      time = half;
      sender.isUnderway = ({ kind }) => kind === "commitSigned";
      await collector.tend(head());
      assert.deepEqual(sender.sent, []);
    });

    it("posts each by itself where the market refuses one of them", async () => {
      const seals = await Promise.all(nodes.map(async (node) => (await answered(node)).seal));
      for (const seal of seals) await collector.takeSeal({ job, seal });
      time = half;
      sender.before = ({ kind }) => {
        if (kind === "commitSigned") throw refusal("CommitmentsAlreadySealed", ZeroHash, NODE);
      };
      await collector.tend(head());
      assert.deepEqual(sender.sent, [sealMany.call(client.addresses, { job, seals }).data]);
    });

    it("does not take for a refusal that it could not send", async () => {
      for (const node of nodes) await collector.takeSeal({ job, seal: (await answered(node)).seal });
      time = half;
      sender.before = ({ kind }) => {
        if (kind === "commitSigned") throw new Error("no coin");
      };
      await collector.tend(head());
      assert.deepEqual(sender.sent, []);
      mended();
      await collector.tend(head());
      assert.deepEqual(
        sender.actions.map(({ kind }) => kind),
        ["commitSigned"],
      );
    });

    it("packs none of a job that may be audited, or that a referee can judge", async () => {
      for (const other of [knownJob({ auditBps: 1 }).packed, knownJob({ windowPeriod: 100 }).packed]) {
        const seals = await Promise.all(nodes.map(async (node) => (await answered(node, other)).seal));
        time = ORDERED_AT + 1;
        for (const seal of seals) await collector.takeSeal({ job: other, seal });
        time = half;
        sender.actions.length = 0;
        await collector.tend(head());
        assert.deepEqual(sender.sent, [sealMany.call(client.addresses, { job: other, seals }).data]);
      }
    });
  });

  describe("with packed seals", () => {
    /** The logs of a round that these nodes' seals have opened. */
    async function packed(of = job, outputs: readonly string[] = []) {
      const roundId = roundIdOf(client, of, 0);
      const answers = await Promise.all(nodes.map((node, i) => answered(node, of, outputs[i])));
      const events = [
        contracts.encodeEventLog("RoundOpened", [roundId, client.addresses.market, ZeroHash, 0, PACKED]),
        ...answers.map(({ seal: { node, commitment } }) =>
          contracts.encodeEventLog("ResultSealed", [roundId, node, commitment, SEAL_ENDS_AT]),
        ),
      ];
      logs = events.map((event, index) => ({ ...event, address: client.addresses.commitments, index }));
      round = PACKED;
      time = ORDERED_AT + 11;
      const seals = answers.map(({ seal: { node, commitment } }) => ({ node, commitment }));
      const pack = { roundId, word: PACKED, seals };
      return { job: of, roundId, pack, reveals: answers.map(({ reveal }) => reveal) };
    }
    const due = ORDERED_AT + 20;

    it("ends the job with all of them, and reads the logs once for it", async () => {
      const { roundId, reveals } = await packed();
      for (const reveal of reveals) await collector.takeReveal({ job, reveal });
      failing();
      await collector.tend(head());
      mended();
      await collector.tend(head());
      const shown = { job, roundId, word: PACKED, outputRoot: OUTPUT, reveals };
      const call = revealPackedAndSettle.call(client.addresses, shown);
      assert.deepEqual(sender.actions, [{ kind: "revealPackedAndSettle", subject: roundId, ...call }]);
      assert.equal(asked.filter((name) => name === "getLogs").length, 1);
      sender.isUnderway = ({ kind }) => kind === "revealPackedAndSettle";
      await collector.tend(head());
      assert.equal(sender.actions.length, 1);
    });

    it("takes no reveal of what is not in the pack", async () => {
      const { reveals } = await packed();
      for (const wrong of [{ node: NODE }, { outputRoot: id("other") }, { salt: id("other") }, { salt: ZeroHash }]) {
        const reveal = { ...reveals[0], ...wrong } as (typeof reveals)[number];
        await assert.rejects(collector.takeReveal({ job, reveal }), /is not what/);
      }
    });

    it("unpacks them when the time has come and a reveal is missing, and then reveals the others", async () => {
      const { roundId, pack, reveals } = await packed();
      const there = reveals.slice(1);
      for (const reveal of there) await collector.takeReveal({ job, reveal });
      await collector.tend(head());
      assert.deepEqual(sender.sent, []);
      time = due;
      await collector.tend(head());
      const call = unpackSeals.call(client.addresses, pack);
      assert.deepEqual(sender.actions, [{ kind: "unpackSeals", subject: roundId, ...call }]);
      round = THREE;
      await collector.tend(head());
      assert.deepEqual(sender.sent.slice(1), [revealMany.call(client.addresses, { roundId, reveals: there }).data]);
    });

    it("waits for their unpacking, though the reveal that was missing comes meanwhile", async () => {
      const { pack, reveals } = await packed();
      for (const reveal of reveals.slice(1)) await collector.takeReveal({ job, reveal });
      time = due;
      await collector.tend(head());
      sender.isUnderway = ({ kind }) => kind === "unpackSeals";
      for (const reveal of reveals.slice(0, 1)) await collector.takeReveal({ job, reveal });
      await collector.tend(head());
      assert.deepEqual(sender.sent, [unpackSeals.call(client.addresses, pack).data]);
    });

    for (const [why, given] of [
      ["not all hide the same output", () => packed(job, [OUTPUT, OUTPUT, id("other")])],
      ["an audit may follow", () => packed(knownJob({ auditBps: 1 }).packed)],
    ] as const) {
      it(`unpacks them where ${why}, and then reveals all and settles`, async () => {
        const { job: of, roundId, pack, reveals } = await given();
        for (const reveal of reveals) await collector.takeReveal({ job: of, reveal });
        await collector.tend(head());
        assert.deepEqual(sender.sent, [unpackSeals.call(client.addresses, pack).data]);
        round = THREE;
        await collector.tend(head());
        const call = revealManyAndSettle.call(client.addresses, { job: of, roundId, reveals, seats: nodes });
        assert.deepEqual(sender.sent.slice(1), [call.data]);
      });
    }

    it("unpacks them where the job cannot end with them", async () => {
      const { pack, reveals } = await packed();
      for (const reveal of reveals) await collector.takeReveal({ job, reveal });
      sender.before = ({ kind }) => {
        if (kind === "revealPackedAndSettle") throw refusal("CommitmentsPacked", ZeroHash);
      };
      await collector.tend(head());
      assert.deepEqual(sender.sent, [unpackSeals.call(client.addresses, pack).data]);
    });

    it("reads the logs anew where a reorganisation has put other seals in their place", async () => {
      const { roundId, reveals } = await packed();
      for (const reveal of reveals.slice(1)) await collector.takeReveal({ job, reveal });
      await collector.tend(head());
      time = due;
      logs = logs.filter((_, i) => i !== 1); // the first seal is not in it any more
      sender.before = () => {
        throw refusal("CommitmentsOtherPack", ZeroHash, 0n, 1n);
      };
      await collector.tend(head());
      mended();
      await collector.tend(head());
      const shown = { job, roundId, word: PACKED, outputRoot: OUTPUT, reveals: reveals.slice(1) };
      assert.deepEqual(sender.sent, [revealPackedAndSettle.call(client.addresses, shown).data]);
    });

    for (const [why, word] of [
      ["has ended", AGREED],
      ["was taken away by a reorganisation", 0n],
    ] as const) {
      it(`forgets a job that ${why}, though the provider has no logs of it`, async () => {
        const { reveals } = await packed();
        for (const reveal of reveals) await collector.takeReveal({ job, reveal });
        logs = [];
        record = word;
        await collector.tend(head());
        asked.length = 0;
        await collector.tend(head());
        assert.deepEqual([asked, sender.sent], [[], []]);
      });
    }

    it("leaves who comes late to unpack them", async () => {
      await packed();
      time = ORDERED_AT + 1;
      const { seal } = await answered(NODE);
      await collector.takeSeal({ job, seal });
      time = ORDERED_AT + 9;
      await collector.tend(head());
      assert.deepEqual(sender.sent, []);
      round = THREE;
      await collector.tend(head());
      assert.deepEqual(sender.sent, [sealMany.call(client.addresses, { job, seals: [seal] }).data]);
    });
  });
});
