import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";

import { sealAuthor, type SignedSeal } from "@opg-protocol/sdk";
import { id, Wallet, ZeroAddress } from "ethers";

import { createLogger } from "../dist/log.js";
import { Relays } from "../dist/relay/Relays.js";
import { knownJob } from "./support/knownJob.ts";

const NODE = `0x${"0d".repeat(20)}`;
const CLIENT = { chainId: 7n, addresses: { commitments: ZeroAddress } } as never;
const [ROUND, COMMITMENT, ROOT, SALT] = ["round", "commitment", "root", "salt"].map(id) as [
  string,
  string,
  string,
  string,
];

describe("Relays", () => {
  const servers: Server[] = [];
  const signer = new Wallet(id("signer"));

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function serving(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const bodyOf = async (request: IncomingMessage): Promise<unknown> =>
    JSON.parse(Buffer.concat(await request.toArray()).toString());
  const answering = (status: number) => serving((_, response) => response.writeHead(status).end());
  const relays = (...urls: string[]) =>
    new Relays({ client: CLIENT, signer, log: createLogger("silent", false) }, NODE, urls);

  it("hands in the job with a seal that the node's key has signed, to all of them, once", async () => {
    const seen: { url: string | undefined; body: unknown }[] = [];
    const listening = await serving((request, response) => {
      void bodyOf(request).then((body) => {
        seen.push({ url: request.url, body });
        response.writeHead(202).end();
      });
    });
    const job = knownJob();
    const both = relays(listening, listening);
    assert.equal(await both.offerSeal(job, ROUND, COMMITMENT), "taken");
    assert.equal(await both.offerSeal(job, ROUND, COMMITMENT), "taken");
    assert.deepEqual(
      seen.map(({ url }) => url),
      ["/v1/seals", "/v1/seals"],
    );
    const { job: packed, seal } = seen[0]?.body as { job: unknown; seal: SignedSeal };
    assert.deepEqual(packed, job.packed);
    const signed = { chainId: 7n, commitments: ZeroAddress, roundId: ROUND, node: NODE, commitment: COMMITMENT };
    assert.equal(sealAuthor(signed, seal), signer.address);
  });

  it("hands in what shows the seal", async () => {
    let seen: unknown;
    const url = await serving((request, response) => {
      void bodyOf(request).then((body) => {
        seen = body;
        response.writeHead(202).end();
      });
    });
    const job = knownJob();
    assert.equal(await relays(url).offerReveal(job, ROUND, ROOT, SALT), "taken");
    assert.deepEqual(seen, { job: job.packed, reveal: { node: NODE, outputRoot: ROOT, salt: SALT } });
  });

  it("says whether one of them has taken it, whatever the others do", async () => {
    const gone = "http://127.0.0.1:1";
    const elsewhere = await serving((_, response) => response.writeHead(307, { location: gone }).end());
    const refusing = [await answering(409), await answering(503), gone, elsewhere];
    assert.equal(await relays(...refusing).offerSeal(knownJob(), ROUND, COMMITMENT), "refused");
    assert.equal(await relays(...refusing, await answering(202)).offerSeal(knownJob(), ROUND, COMMITMENT), "taken");
  });

  it("hands in again what was too early for a relayer and taken by none", async () => {
    const statuses = [425, 202];
    const later = await serving((_, response) => response.writeHead(statuses.shift() ?? 500).end());
    const both = relays(later, await answering(409));
    for (const outcome of ["early", "taken", "taken"]) {
      assert.equal(await both.offerReveal(knownJob(), ROUND, ROOT, SALT), outcome);
    }
  });
});
