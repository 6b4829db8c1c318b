/** A node that writes texts with the language model of the examples, which its owner has published and it serves alone. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import {
  admitVersion,
  answerOptimistic,
  authoriseConsumer,
  chainTime,
  type Client,
  depositOptimistic,
  encodePayload,
  enter,
  parseOpg,
  payloadRoot,
  registerModel,
  registerNode,
  releaseVersion,
  requestOptimistic,
  respond,
  reveal,
  serveOptimistic,
  signConsent,
  type Tensor,
  type TracedRun,
} from "@opg-protocol/sdk";
import { encodeBase64, sha256 } from "ethers";

import { roles } from "../../../../scripts/demo/roles.ts";
import { asked, completed, program, VERSES, VERSES_IDENTITY } from "../../test/support/verses.ts";
import { fund, termsOf } from "./content.ts";
import { newcomer } from "./newcomer.ts";
import type { Stack } from "./stack.ts";

const STAKE = parseOpg("5000");
const MOST_LOCK = parseOpg("4500");
const SERVING_PERIOD = 3_600;
/** Seconds in which a text can be challenged: the most that the local chain allows. */
const WINDOW = 100;
const HOST = "127.0.0.1";

/** What the node has stated. */
export interface WrittenText {
  readonly jobId: string;
  readonly roundId: string;
  readonly node: string;
  readonly outputRoot: string;
}

/** A node that states what a test tells it to, and serves it. */
export class Writer {
  readonly #stack: Stack;
  /** Acts with the node's hot key. */
  readonly #client: Client;
  readonly #node: string;
  readonly #versionId: string;
  /** What it serves, by path. */
  readonly #files: Map<string, Uint8Array>;
  readonly #server: Server;

  private constructor(stack: Stack, client: Client, server: Server, files: Map<string, Uint8Array>, ids: Ids) {
    this.#stack = stack;
    this.#client = client;
    this.#server = server;
    this.#files = files;
    this.#node = ids.node;
    this.#versionId = ids.versionId;
  }

  /** Publishes the model and registers a node for it. */
  static async begin(stack: Stack): Promise<Writer> {
    const files = new Map([["/verses.onnx", VERSES]]);
    const server = createServer(({ url = "" }, response) => {
      const bytes = files.get(url);
      response.writeHead(bytes === undefined ? 404 : 200, { "access-control-allow-origin": "*" });
      response.end(bytes);
    });
    server.listen(0, HOST).unref();
    await once(server, "listening");
    const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
    const [owner, signer] = [await newcomer(stack, "6000"), await newcomer(stack, "0")];
    const client = await stack.client(owner);
    const versionId = await publish(client, `${url}/verses.onnx`);
    const hot = await stack.client(signer);
    const consent = await signConsent(client, { node: owner.address, signer });
    const beginning = { signer: signer.address, consent, commissionBps: 0, metadataURI: url };
    await registerNode(client, { ownStake: STAKE, ...beginning });
    const { addresses } = client;
    await authoriseConsumer(client, { node: owner.address, consumer: addresses.optimistic, cap: MOST_LOCK });
    const endsAt = (await chainTime(hot)) + SERVING_PERIOD;
    await serveOptimistic(hot, { node: owner.address, versionId, maxLock: MOST_LOCK, endsAt });
    return new Writer(stack, hot, server, files, { node: owner.address, versionId });
  }

  /** Is given an order, states a text and serves it. */
  async write(input: readonly Tensor[], text: Tensor): Promise<WrittenText> {
    const requester = await this.#stack.client(roles.requester);
    await fund(this.#stack, roles.requester.address, "5");
    await depositOptimistic(requester, { amount: parseOpg("5") });
    const terms = { ...termsOf(this.#versionId, this.#node), windowPeriod: WINDOW };
    const { jobId, packed: job } = await requestOptimistic(requester, { ...terms, input: { tensors: input } });
    const outputRoot = payloadRoot([text]);
    this.#files.set(`/v1/outputs/${outputRoot}`, encodePayload([text]));
    const { roundId } = await answerOptimistic(this.#client, { job, node: this.#node, outputRoot });
    return { jobId, roundId, node: this.#node, outputRoot };
  }

  /** Its moves in a game about a text: enters a group of steps, names one of them, and shows a part of its tensor of that. */
  async enter(gameId: string, run: TracedRun): Promise<void> {
    await enter(this.#client, { gameId, run });
  }

  async respond(gameId: string, run: TracedRun): Promise<void> {
    await respond(this.#client, { gameId, run });
  }

  async reveal(gameId: string, run: TracedRun): Promise<void> {
    await reveal(this.#client, { gameId, run });
  }

  async end(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

interface Ids {
  readonly node: string;
  readonly versionId: string;
}

/** Releases the model at an address, so that texts of it can be disputed; gives the version. */
async function publish(client: Client, uri: string): Promise<string> {
  const golden = asked("In the beginning", { limit: 24 });
  const metadata = new TextEncoder().encode(JSON.stringify({ name: "Verses" }));
  const { modelId } = await registerModel(client, { slug: `verses-${Date.now()}`, royalty: 0n });
  const { versionId } = await releaseVersion(client, {
    modelId,
    identity: VERSES_IDENTITY,
    release: {
      major: 1,
      minor: 0,
      goldenInputRoot: payloadRoot(golden),
      goldenOutputRoot: payloadRoot([await completed(golden)]),
      licence: "public domain",
      uris: [uri],
      metadataURI: `data:application/json;base64,${encodeBase64(metadata)}`,
      metadataHash: sha256(metadata),
    },
  });
  await admitVersion(client, { modelId, identity: VERSES_IDENTITY, program });
  return versionId;
}
