import { expect } from "chai";
import { Log, toBeHex, ZeroHash, zeroPadValue } from "ethers";

import {
  answerOptimistic,
  bytesTensor,
  type Client,
  commitSigned,
  errorRoot,
  getRound,
  type InferenceInput,
  NotFoundError,
  PayloadError,
  payloadRoot,
  recoverSender,
  requestInference,
  requestOptimistic,
  revealEndsAt,
  revealMany,
  revealManyAndSettle,
  revealPackedAndSettle,
  roundIdOf,
  sealHash,
  sealMany,
  type SealManyParameters,
  settleJob,
  settleOptimistic,
  type SignedSeal,
  signSeal,
  unpackSeals,
  type Verification,
  verifyResult,
} from "../../packages/sdk/src/index.ts";
import type { Operator } from "../support/actors.ts";
import { INPUT, OUTPUT, revealAll, seal, termsOf } from "../support/answers.ts";
import { clientOf } from "../support/clients.ts";
import { servedByThree } from "../support/fixtures.ts";
import { SALT } from "../support/jobs.ts";
import { loadFixture, mine, time } from "../support/network.ts";
import { ANSWER_PERIOD, offering, PRICE, WINDOW } from "../support/optimistic.ts";

const OTHER = [bytesTensor(new TextEncoder().encode("nine"))];
const INPUT_TENSORS = "tensors" in INPUT ? INPUT.tensors : [];

/** What each check found. */
const findings = ({ checks }: Verification) =>
  Object.fromEntries(checks.map(({ subject, finding }) => [subject, finding]));

const ALL = {
  order: "holds",
  input: "holds",
  settlement: "holds",
  statements: "holds",
  signatures: "holds",
  output: "holds",
};

/** A client whose provider or contract answers something else. */
const lyingClient = (client: Client, part: keyof Client, lies: object): Client => ({
  ...client,
  [part]: new Proxy(client[part] as object, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in lies ? lies : target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  }),
});

/** The same log, with what a provider lies about replaced. */
function changed(log: Log, lies: Partial<Pick<Log, "topics" | "data" | "blockNumber" | "transactionHash">>): Log {
  const { address, topics, data, blockNumber, blockHash, transactionHash, provider } = log;
  const { transactionIndex, index, removed } = log;
  const position = { blockNumber, blockHash, transactionHash, transactionIndex, index, removed };
  return new Log({ address, topics, data, ...position, ...lies }, provider);
}

/** Whether a log is of a node's seal. */
const isOf = ({ node }: Operator, { topics }: Log): boolean => topics[2] === zeroPadValue(node, 32).toLowerCase();

/** A client whose provider gives other logs of an event. */
function lyingAboutLogs(client: Client, topicHash: string, lie: (log: Log) => readonly Log[]): Client {
  const getLogs = async (filter: Parameters<Client["provider"]["getLogs"]>[0]) => {
    const logs = await client.provider.getLogs(filter);
    return logs.flatMap((log) => (log.topics[0] === topicHash ? lie(log) : log));
  };
  return lyingClient(client, "provider", { getLogs });
}

/** The same of seals. */
const lyingAboutSeals = (client: Client, lie: (log: Log) => readonly Log[]): Client =>
  lyingAboutLogs(client, client.commitments.interface.getEvent("ResultSealed").topicHash, lie);

describe("verifyResult, of a job that several nodes answered", () => {
  const settled = async (input: InferenceInput = INPUT, outputRoot = payloadRoot(OUTPUT)) => {
    const suite = await loadFixture(servedByThree);
    const requester = await clientOf(suite, suite.requester);
    const requested = await requestInference(requester, { ...termsOf(suite), input });
    await revealAll(await seal(suite, requested, 2, outputRoot));
    return { suite, client: await clientOf(suite), jobId: requested.jobId };
  };

  it("holds from the order to the bytes of the output", async () => {
    const { client, jobId } = await settled();
    const verification = await verifyResult(client, { jobId, output: OUTPUT });
    expect(findings(verification)).to.deep.equal(ALL);
    expect(verification).to.deep.include({ jobId, outputRoot: payloadRoot(OUTPUT), verdict: "verified" });
  });

  it("refutes other bytes, and names both roots", async () => {
    const { client, jobId } = await settled();
    const { verdict, checks } = await verifyResult(client, { jobId, output: OTHER });
    expect(verdict).to.equal("refuted");
    expect(checks.find(({ finding }) => finding === "fails")?.text).to.equal(
      `The root of the output is ${payloadRoot(OTHER)}, and must be ${payloadRoot(OUTPUT)}.`,
    );
  });

  it("says what was not given instead of believing it", async () => {
    const { client, jobId } = await settled({ uri: "ipfs://picture", inputRoot: payloadRoot(INPUT_TENSORS) });
    const bare = await verifyResult(client, { jobId });
    expect(bare.verdict).to.equal("incomplete");
    expect(findings(bare)).to.deep.equal({ ...ALL, input: "untold", output: "untold" });
    const whole = await verifyResult(client, { jobId, input: INPUT_TENSORS, output: OUTPUT });
    expect(whole.verdict).to.equal("verified");
    expect(findings(await verifyResult(client, { jobId, input: OTHER })).input).to.equal("fails");
  });

  it("needs no bytes for an error on which the nodes agree", async () => {
    const { client, jobId } = await settled(INPUT, errorRoot(PayloadError.InputMalformed));
    const { verdict, checks } = await verifyResult(client, { jobId });
    expect(verdict).to.equal("verified");
    expect(checks.at(-1)?.text).to.include("InputMalformed");
  });

  it("has nothing to check in a job that is open, and names no job that is none", async () => {
    const suite = await loadFixture(servedByThree);
    const client = await clientOf(suite, suite.requester);
    const { jobId } = await requestInference(client, { ...termsOf(suite), input: INPUT });
    const open = await verifyResult(client, { jobId });
    expect(open).to.include({ verdict: "incomplete", outputRoot: undefined });
    expect(open.checks.at(-1)?.text).to.equal("The job is Open: it has no result.");
    const missing: unknown = await verifyResult(client, { jobId: ZeroHash }).catch((error: unknown) => error);
    expect(missing).to.be.instanceOf(NotFoundError);
  });

  context("given a provider that lies", () => {
    it("finds a statement that storage does not have", async () => {
      const { client, jobId } = await settled();
      const lying = lyingClient(client, "commitments", { entryOf: () => Promise.resolve(ZeroHash) });
      expect(findings(await verifyResult(lying, { jobId, output: OUTPUT })).statements).to.equal("fails");
    });

    it("finds a result that storage does not have [T158]", async () => {
      const { client, jobId } = await settled();
      const { record, satWeight } = await client.market.jobOf(jobId);
      const jobOf = () => Promise.resolve({ record: record ^ (1n << 100n), satWeight });
      const lying = lyingClient(client, "market", { jobOf });
      expect(findings(await verifyResult(lying, { jobId, output: OUTPUT })).settlement).to.equal("fails");
    });

    it("finds a signer who was not the node's", async () => {
      const { suite, client, jobId } = await settled();
      const lying = lyingClient(client, "staking", { signerAt: () => Promise.resolve(suite.stranger.address) });
      const { verdict, checks } = await verifyResult(lying, { jobId, output: OUTPUT });
      expect(verdict).to.equal("refuted");
      expect(checks.find(({ subject }) => subject === "signatures")?.text).to.include(
        `whose signer was ${suite.stranger.address}.`,
      );
    });

    it("does not take a transaction that was changed after it was signed", async () => {
      const { suite, client, jobId } = await settled();
      const [event] = await client.commitments.queryFilter(client.commitments.filters.ResultSealed());
      if (event === undefined) throw new Error("a seal");
      const signed = await recoverSender(client.provider, event.transactionHash);
      expect(suite.nodes.map(({ signer }) => signer.address)).to.include(signed?.sender);
      expect(signed?.to).to.equal(client.addresses.market);

      const changed = {
        getTransaction: async (hash: string) => {
          const response = await client.provider.getTransaction(hash);
          return new Proxy(response ?? {}, {
            get: (target, name) => (name === "nonce" ? 1_000 : (Reflect.get(target, name) as unknown)),
          });
        },
      };
      const lying = lyingClient(client, "provider", changed);
      expect(await recoverSender(lying.provider, event.transactionHash)).to.equal(undefined);
      expect(findings(await verifyResult(lying, { jobId, output: OUTPUT })).signatures).to.equal("untold");
    });

    it("does not take another transaction of the node's signer for that which sealed [T158]", async () => {
      const { suite, client, jobId } = await settled();
      const [first] = suite.nodes as [Operator];
      const { hash } = await suite.market.connect(first.signer).refreshServing(first.node, suite.version);
      const lying = lyingAboutSeals(client, (log) => [
        isOf(first, log) ? changed(log, { transactionHash: hash }) : log,
      ]);
      expect(findings(await verifyResult(lying, { jobId, output: OUTPUT })).signatures).to.equal("untold");
    });
  });
});

describe("verifyResult, of a job whose seals a relayer brought", () => {
  const outputRoot = payloadRoot(OUTPUT);

  async function sealed(post: (client: Client, parameters: SealManyParameters) => Promise<unknown>, count = 3) {
    const suite = await loadFixture(servedByThree);
    const nodes = suite.nodes.slice(0, count);
    const requester = await clientOf(suite, suite.requester);
    const client = await clientOf(suite, suite.thief);
    const { packed: job, jobId } = await requestInference(requester, { ...termsOf(suite), input: INPUT });
    const roundId = roundIdOf(client, job, 0);
    await mine(3);
    await time.increase(2);
    const { chainId, addresses } = client;
    const { commitments } = addresses;
    const sign = ({ node, signer }: (typeof suite.nodes)[number]) => {
      const commitment = sealHash({ chainId, commitments, roundId, node, outputRoot, salt: SALT });
      return signSeal(client, { signer, node, roundId, commitment });
    };
    const seals = await Promise.all(nodes.map(sign));
    await post(client, { job, seals });
    const { round } = await getRound(client, { job });
    await time.increaseTo(round.sealEndsAt);
    const reveals = nodes.map(({ node }) => ({ node, outputRoot, salt: SALT }));
    return { suite, client, job, jobId, roundId, round, seals, reveals };
  }

  async function packed(count?: number) {
    const given = await sealed(commitSigned, count);
    await revealPackedAndSettle(given.client, { ...given, outputRoot });
    return given;
  }

  /** The same seals, each with the signature of another one on it. */
  const forged = (seals: readonly SignedSeal[]) => {
    const [first, ...others] = seals as [SignedSeal, ...SignedSeal[]];
    return seals.map((seal, i) => {
      const { r, vs } = others[i] ?? first;
      return { ...seal, r, vs };
    });
  };

  it("holds where each seal has an entry, by the signatures on the seals", async () => {
    const { client, job, jobId, reveals } = await sealed(sealMany);
    await revealManyAndSettle(client, { job, reveals });
    expect(findings(await verifyResult(client, { jobId, output: OUTPUT }))).to.deep.equal(ALL);
  });

  it("holds where the relayer lists false signatures on the same seals, too, which the relay skips [T158]", async () => {
    const { client, job, jobId, reveals } = await sealed(async (relayer, { job, seals }) => {
      const { sealed, skipped } = await sealMany(relayer, { job, seals: [...forged(seals), ...seals] });
      expect([sealed.length, skipped.length]).to.deep.equal([3, 3]);
    });
    await revealManyAndSettle(client, { job, reveals });
    expect(findings(await verifyResult(client, { jobId, output: OUTPUT }))).to.deep.equal(ALL);
  });

  it("does not go by what a contract is called with that anybody can write [T158]", async () => {
    const { suite, client, job, jobId, seals } = await packed();
    const data = client.market.interface.encodeFunctionData("commitSigned", [job, forged(seals)]);
    for (const calldata of [data, data.slice(0, 100)]) {
      const { hash } = await suite.thief.sendTransaction({ to: suite.stranger, data: calldata });
      const through = lyingAboutSeals(client, (log) => [changed(log, { transactionHash: hash })]);
      expect(findings(await verifyResult(through, { jobId, output: OUTPUT }))).to.deep.equal({
        ...ALL,
        signatures: "untold",
      });
    }
  });

  it("holds where they were packed to the end, and says why seals are enough", async () => {
    const { client, jobId } = await packed();
    const { verdict, checks } = await verifyResult(client, { jobId, output: OUTPUT });
    expect(verdict).to.equal("verified");
    expect(checks.find(({ subject }) => subject === "statements")?.text).to.equal(
      "3 nodes state this output; at least 2 must. Their seals were packed when the job ended, which only showing that all of " +
        "them hide one output can have done.",
    );
  });

  it("holds where they were unpacked after the end, whoever then reveals", async () => {
    const { client, job, jobId, roundId, reveals } = await packed();
    await unpackSeals(client, { job });
    expect((await verifyResult(client, { jobId, output: OUTPUT })).verdict).to.equal("verified");
    const [reveal] = reveals;
    if (reveal === undefined) throw new Error("three of them");
    await client.commitments.reveal(roundId, reveal.node, outputRoot, SALT);
    expect((await verifyResult(client, { jobId, output: OUTPUT })).verdict).to.equal("verified");
  });

  it("holds where they were unpacked before the end, by what was revealed", async () => {
    const { client, job, jobId, reveals } = await sealed(commitSigned);
    await unpackSeals(client, { job });
    await revealMany(client, { job, reveals: reveals.slice(1) });
    await revealManyAndSettle(client, { job, reveals: reveals.slice(0, 1) });
    const { verdict, checks } = await verifyResult(client, { jobId, output: OUTPUT });
    expect(verdict).to.equal("verified");
    expect(checks.find(({ subject }) => subject === "statements")?.text).to.not.include("packed");
  });

  it("finds seals of which storage does not have the hash, and entries of other seals", async () => {
    const { client, job, jobId } = await packed();
    // Another commitment in each.
    const lying = lyingAboutSeals(client, (log) => [
      changed(log, { data: toBeHex(BigInt(log.data) ^ (1n << 500n), 64) }),
    ]);
    expect(findings(await verifyResult(lying, { jobId, output: OUTPUT })).statements).to.equal("fails");
    await unpackSeals(client, { job });
    expect(findings(await verifyResult(lying, { jobId, output: OUTPUT })).statements).to.equal("fails");
  });

  it("does not count a node that is added to those who were packed [T158]", async () => {
    const { suite, client, job, jobId } = await packed(2);
    const [, last, { node }] = suite.nodes as [Operator, Operator, Operator];
    const added = (log: Log) => changed(log, { topics: [...log.topics.slice(0, 2), zeroPadValue(node, 32)] });
    const lying = lyingAboutSeals(client, (log) => (isOf(last, log) ? [log, added(log)] : [log]));
    for (const change of [() => Promise.resolve(), () => unpackSeals(client, { job })]) {
      await change();
      const { checks } = await verifyResult(lying, { jobId, output: OUTPUT });
      expect(checks.find(({ subject }) => subject === "statements")?.text).to.match(/^2 nodes state this output/);
    }
  });

  it("does not count a node that was silent, whenever the logs say that the seals were unpacked [T158]", async () => {
    const { client, job, jobId, reveals, round } = await sealed(commitSigned);
    await unpackSeals(client, { job });
    await revealMany(client, { job, reveals: reveals.slice(0, 2) });
    await time.increaseTo(revealEndsAt(round, round.sealEndsAt));
    await settleJob(client, { job });
    const { topicHash } = client.commitments.interface.getEvent("RoundUnpacked");
    const lying = lyingAboutLogs(client, topicHash, (log) => [changed(log, { blockNumber: 2 ** 40 })]);
    for (const asked of [client, lying]) {
      const { verdict, checks } = await verifyResult(asked, { jobId, output: OUTPUT });
      expect(verdict).to.equal("verified");
      expect(checks.find(({ subject }) => subject === "statements")?.text).to.equal(
        "2 nodes state this output; at least 2 must.",
      );
    }
  });

  it("finds a signer who was not the node's, on the seal", async () => {
    const { suite, client, jobId } = await packed();
    const lying = lyingClient(client, "staking", { signerAt: () => Promise.resolve(suite.stranger.address) });
    const { checks } = await verifyResult(lying, { jobId, output: OUTPUT });
    expect(checks.find(({ subject }) => subject === "signatures")).to.include({ finding: "fails" });
    const [{ signer }] = suite.nodes as [(typeof suite.nodes)[number]];
    expect(checks.find(({ subject }) => subject === "signatures")?.text).to.include(`${signer.address} signed for`);
  });
});

describe("verifyResult, of a job that one node answered", () => {
  const given = async () => {
    const suite = await loadFixture(offering);
    const [requester, node, stranger] = await Promise.all([
      clientOf(suite, suite.requester),
      clientOf(suite, suite.first.signer),
      clientOf(suite, suite.stranger),
    ]);
    const { packed: job, jobId } = await requestOptimistic(requester, {
      versionId: suite.version,
      price: PRICE,
      answerPeriod: ANSWER_PERIOD,
      windowPeriod: WINDOW,
      maxRoyalty: PRICE,
      input: INPUT,
      node: suite.first.node,
    });
    const answer = { job, node: suite.first.node, outputRoot: payloadRoot(OUTPUT) };
    const { disputableUntil } = await answerOptimistic(node, answer);
    return { client: await clientOf(suite), stranger, answer, jobId, disputableUntil };
  };

  it("waits for the end, then holds from the order to the bytes of the output", async () => {
    const { client, stranger, answer, jobId, disputableUntil } = await given();
    expect((await verifyResult(client, { jobId, output: OUTPUT })).checks.at(-1)?.text).to.include("is Stated");
    await time.increaseTo(disputableUntil);
    await settleOptimistic(stranger, answer);
    const verification = await verifyResult(client, { jobId, output: OUTPUT });
    expect(findings(verification)).to.deep.equal(ALL);
    expect(verification.verdict).to.equal("verified");
    expect((await verifyResult(client, { jobId, output: OTHER })).verdict).to.equal("refuted");
  });

  it("finds a statement that storage does not have", async () => {
    const { client, stranger, answer, jobId, disputableUntil } = await given();
    await time.increaseTo(disputableUntil);
    await settleOptimistic(stranger, answer);
    const record = await client.optimistic.jobOf(jobId);
    // The id of what was stated is in the highest bits.
    const lying = lyingClient(client, "optimistic", { jobOf: () => Promise.resolve(record ^ (1n << 250n)) });
    expect(findings(await verifyResult(lying, { jobId, output: OUTPUT })).statements).to.equal("fails");
  });
});
