import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";

import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import {
  complete,
  completionModel,
  NoCompletionError,
  throughJob,
  verifyCompletion,
} from "../../packages/sdk/src/completions/index.ts";
import {
  admitVersion,
  answerOptimistic,
  cancelOptimistic,
  type Client,
  encodePayload,
  errorRoot,
  offeredJob,
  OptimisticState,
  type PackedOptimisticJob,
  PayloadError,
  payloadRoot,
  type Tensor,
  unpackOptimisticJob,
  watch,
} from "../../packages/sdk/src/index.ts";
import { INTEGER_PROFILE } from "../../packages/sdk/src/onnx/index.ts";
import { nth } from "../support/actors.ts";
import { clientOf } from "../support/clients.ts";
import { truthOf, verses } from "../support/completions.ts";
import { DETAILS, IDENTITY, LOCK_PERIOD, MAX_LOCK, OWN_STAKE, registerNode, released } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { ANSWER_PERIOD, LOWEST, offeringOn, WINDOW } from "../support/optimistic.ts";

const PROMPT = "And God said";
const ORDER = { prompt: PROMPT, limit: 4 };
/** 2 OPG for 4 bytes. */
const PRICE = { job: LOWEST, token: LOWEST / 4n };
const MODEL = completionModel(readFileSync(new URL("../../examples/models/verses/pass-64.onnx", import.meta.url)));

describe("A completion through a job", () => {
  async function market() {
    const suite = await offeringOn(await released());
    const { registry, publisher, optimistic, staking } = suite;
    const operator = nth(suite.operators, 3);
    const specs = (list: readonly { name: string; dtype: number; shape: readonly number[] }[]) =>
      list.map(({ name, dtype, shape }) => ({ name, dtype, shape: [...shape] }));
    const identity = {
      ...IDENTITY,
      inputs: specs(verses.inputs),
      outputs: specs(verses.outputs),
      profile: encodeBytes32String(INTEGER_PROFILE),
      graphRoot: verses.graphRoot,
    };
    await registry.connect(publisher).release(suite.model, identity, { ...DETAILS, minor: 2 });
    await admitVersion(await clientOf(suite, publisher), { modelId: suite.model, identity, program: verses });
    const version = versionId(suite.model, identity);
    const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
    await registerNode(suite, operator);
    await staking.connect(operator.owner).authorise(operator.node, optimistic, OWN_STAKE);
    await optimistic.connect(operator.signer).serve(operator.node, version, MAX_LOCK, endsAt);
    return {
      node: operator.node,
      clients: { requester: await clientOf(suite, suite.requester), node: await clientOf(suite, operator.signer) },
      terms: {
        versionId: version,
        price: PRICE,
        answerPeriod: ANSWER_PERIOD,
        windowPeriod: WINDOW,
        maxRoyalty: PRICE.job,
        pollingInterval: 5,
      },
    };
  }
  const given = () => loadFixture(market);

  /** The next job that somebody orders. */
  async function nextJob(client: Client): Promise<PackedOptimisticJob> {
    for await (const { events } of watch(client, { events: ["JobOffered"], pollingInterval: 5 })) {
      const [offered] = events;
      if (offered !== undefined) return offeredJob(offered).packed;
    }
    throw new Error("Nobody orders");
  }

  /** Answers the next job as a node does. */
  async function answered(client: Client, node: string, outputRoot: string): Promise<void> {
    await answerOptimistic(client, { job: await nextJob(client), node, outputRoot });
  }

  /** What nodes serve under the root of an output. */
  async function serving(output: readonly Tensor[]): Promise<{ readonly server: Server; readonly url: string }> {
    const path = `/v1/outputs/${payloadRoot(output)}`;
    const server = createServer((request, response) => {
      if (request.url === path) response.end(encodePayload(output));
      else response.writeHead(404).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  it("is paid by the job and by the byte, and anybody finds it right with one run", async () => {
    const { clients, terms, node } = await given();
    const truth = [await truthOf({ prompt: PROMPT, limit: PROMPT.length + ORDER.limit })];
    const { server, url } = await serving(truth);
    try {
      const through = throughJob(clients.requester, { ...terms, node, sources: [url] });
      const [{ text, bytes, inputs, outputs, statement }] = await Promise.all([
        complete({ order: ORDER, through }),
        answered(clients.node, node, payloadRoot(truth)),
      ]);
      expect(new TextEncoder().encode(text)).to.have.length(ORDER.limit);
      expect(statement.outputRoot).to.equal(payloadRoot(outputs));
      expect(statement).to.deep.include({ node });
      const job = unpackOptimisticJob(statement.job);
      expect(job).to.deep.include({ price: PRICE.job + 4n * PRICE.token, inputRoot: payloadRoot(inputs) });
      expect(await verifyCompletion({ model: MODEL, order: ORDER, bytes })).to.deep.equal({ isRight: true });
    } finally {
      server.close();
    }
  });

  it("says who gave no bytes for what was stated", async () => {
    const { clients, terms, node } = await given();
    const { server, url } = await serving([]);
    const through = throughJob(clients.requester, { ...terms, node, sources: [url] });
    const [failed] = await Promise.allSettled([
      complete({ order: ORDER, through }),
      answered(clients.node, node, id("nothing")),
    ]);
    expect(failed.status === "rejected" && failed.reason).to.deep.include({
      name: "OutputUnavailableError",
      attempts: [`${url}: HTTP status 404`],
    });
    server.close();
  });

  it("says that the node states an error in place of a text", async () => {
    const { clients, terms, node } = await given();
    const [error] = await Promise.all([
      complete({ order: ORDER, through: throughJob(clients.requester, { ...terms, node }) }).catch(
        (error: unknown) => error,
      ),
      answered(clients.node, node, errorRoot(PayloadError.RefusedByModel)),
    ]);
    expect(error).to.be.instanceOf(NoCompletionError);
    expect(error).to.deep.include({ state: OptimisticState.Stated, fault: PayloadError.RefusedByModel });
  });

  it("says that the job has ended without an answer", async () => {
    const { clients, terms } = await given();
    const open = { ...terms, lowestPrice: LOWEST, auctionDelay: 100, auctionRamp: 100 };
    const [error] = await Promise.all([
      complete({ order: ORDER, through: throughJob(clients.requester, open) }).catch((error: unknown) => error),
      nextJob(clients.node).then((job) => cancelOptimistic(clients.requester, { job })),
    ]);
    expect(error).to.be.instanceOf(NoCompletionError);
    expect(error).to.deep.include({ state: OptimisticState.Cancelled, fault: undefined });
  });
});
