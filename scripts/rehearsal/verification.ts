/** Sourcify (v2), Blockscout and Etherscan (v2) as this machine has them: the same requests, the same answers. */
import { createRequire } from "node:module";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { z } from "zod";

import { ask, HOST } from "./rpc.ts";

const StandardJson = z.looseObject({
  language: z.literal("Solidity"),
  sources: z.record(z.string(), z.looseObject({ content: z.string().min(1) })),
  settings: z.looseObject({ viaIR: z.literal(true), evmVersion: z.literal("osaka") }),
});
const SourcifyJob = z.strictObject({
  stdJsonInput: StandardJson,
  contractIdentifier: z.string(),
  compilerVersion: z.string(),
  creationTransactionHash: z.string(),
});
const ExplorerForm = z.object({
  contractaddress: z.string(),
  sourceCode: z.string(),
  codeformat: z.literal("solidity-standard-json-input"),
  contractname: z.string(),
  compilerversion: z.string(),
});

/** The key that this service takes. */
export const ETHERSCAN_KEY = "rehearsal";

interface Submission {
  readonly address: string;
  readonly contract: string;
  readonly version: string;
  readonly input: z.infer<typeof StandardJson>;
}

/** Takes sources as the services do; the smallest contract it compiles, to see that they are whole. */
export class VerificationServer {
  readonly url: string;
  readonly verified = { sourcify: new Set<string>(), blockscout: new Set<string>(), etherscan: new Set<string>() };
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
    this.url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  }

  static async upon(chain: string, compiled: string): Promise<VerificationServer> {
    const app = new Hono();
    const server = await new Promise<Server>((resolve) => {
      const started = serve({ fetch: app.fetch, hostname: HOST, port: 0, createServer }, () => {
        resolve(started as Server);
      });
    });
    const service = new VerificationServer(server);
    service.speakSourcify(app, chain, compiled);
    service.speakBlockscout(app, chain);
    service.speakEtherscan(app, chain);
    return service;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private speakSourcify(app: Hono, chain: string, compiled: string): void {
    const match = (address: string) => (this.verified.sourcify.has(address) ? "match" : null);
    app.get("/v2/contract/:chainId/:address", (context) => {
      const { chainId, address } = context.req.param();
      const found = match(address);
      const body = { match: found, creationMatch: found, runtimeMatch: found, chainId, address };
      return context.json(body, found === null ? 404 : 200);
    });
    app.post("/v2/verify/:chainId/:address", async (context) => {
      const { address } = context.req.param();
      const job = SourcifyJob.parse(await context.req.json());
      const { contractIdentifier: contract, compilerVersion: version, stdJsonInput: input } = job;
      if ((await ask(chain, "eth_getTransactionByHash", [job.creationTransactionHash])) === null) {
        return context.json({ customCode: "contract_not_deployed", message: "no such transaction", errorId: "1" }, 404);
      }
      const submission = { address, contract, version, input };
      if (contract.endsWith(`:${compiled}`)) await checkBytecode(chain, submission);
      await this.take(this.verified.sourcify, chain, submission);
      return context.json({ verificationId: address }, 202);
    });
    app.get("/v2/verify/:id", (context) => {
      const { id } = context.req.param();
      const contract = { match: match(id), chainId: "0", address: id };
      return context.json({
        isJobCompleted: true,
        verificationId: id,
        jobStartTime: new Date().toISOString(),
        contract,
      });
    });
  }

  private speakBlockscout(app: Hono, chain: string): void {
    this.speakExplorer(app, chain, "/blockscout/api", this.verified.blockscout);
  }

  /** As Blockscout, but for all chains at one address, and for nobody without a key. */
  private speakEtherscan(app: Hono, chain: string): void {
    app.use("/etherscan/v2/api", async (context, next) => {
      const { apikey, chainid } = context.req.query();
      if (apikey !== ETHERSCAN_KEY) return context.json({ status: "0", message: "NOTOK", result: "Invalid API Key" });
      if (chainid !== String(Number(await ask(chain, "eth_chainId"))))
        return context.json({ status: "0", message: "NOTOK", result: "Missing or unsupported chainid parameter" });
      await next();
      return undefined;
    });
    this.speakExplorer(app, chain, "/etherscan/v2/api", this.verified.etherscan);
  }

  private speakExplorer(app: Hono, chain: string, path: string, verified: Set<string>): void {
    app.get(path, (context) => {
      const { action, guid = "", address = guid } = context.req.query();
      const known = verified.has(address);
      if (action === "checkverifystatus")
        return context.json({ status: "1", message: "OK", result: "Pass - Verified" });
      return context.json({ status: "1", message: "OK", result: [{ SourceCode: known ? "…" : "" }] });
    });
    app.post(path, async (context) => {
      const form = ExplorerForm.parse(await context.req.parseBody());
      const input = StandardJson.parse(JSON.parse(form.sourceCode));
      const { contractaddress: address, contractname: contract, compilerversion: version } = form;
      await this.take(verified, chain, { address, contract, version, input });
      return context.json({ status: "1", message: "OK", result: address });
    });
  }

  private async take(
    verified: Set<string>,
    chain: string,
    { address, contract, version, input }: Submission,
  ): Promise<void> {
    const [file = ""] = contract.split(":");
    if (!(file in input.sources)) throw new Error(`${contract} is not among its sources`);
    if (!/^v0\.8\.37\+commit\.[0-9a-f]{8}/.test(version)) throw new Error(`${version} is not the compiler`);
    if ((await ask(chain, "eth_getCode", [address, "latest"])) === "0x") throw new Error(`No code at ${address}`);
    verified.add(address);
  }
}

const Output = z.object({
  contracts: z.record(
    z.string(),
    z.record(z.string(), z.object({ evm: z.object({ deployedBytecode: z.object({ object: z.string() }) }) })),
  ),
});

/** A contract without immutables: what the sources make must be what the chain has. */
async function checkBytecode(chain: string, { address, contract, input }: Submission): Promise<void> {
  const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
  const outputSelection = { "*": { "*": ["evm.deployedBytecode.object"] } };
  const settings = { ...input.settings, outputSelection };
  const { contracts } = Output.parse(JSON.parse(solc.compile(JSON.stringify({ ...input, settings }))));
  const [file = "", name = ""] = contract.split(":");
  const made = `0x${contracts[file]?.[name]?.evm.deployedBytecode.object ?? ""}`;
  if (made !== (await ask(chain, "eth_getCode", [address, "latest"])))
    throw new Error(`${contract} does not compile to what is there`);
}
