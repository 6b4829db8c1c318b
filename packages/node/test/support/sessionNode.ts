/** A node on a test network whose stake can answer for sessions, and sessions with it that need no door. */
import { join } from "node:path";

import {
  admitVersion,
  authoriseConsumer,
  type Client,
  depositForSessions,
  draftSession,
  getVersion,
  openSessionOnChain,
  packSession,
  type PackedSession,
  redeemVoucher,
  sessionIdOf,
  settleSession,
  signReceipt,
  signSessionConsent,
  signVoucher,
} from "@opg-protocol/sdk";
import { type BaseWallet, id, parseEther, type Signer } from "ethers";

import type { Config } from "../../dist/config/Config.js";
import type { Head } from "../../dist/chain/Chain.js";
import type { Executable } from "../../dist/execute/Executor.js";
import { Journal } from "../../dist/journal/Journal.js";
import { loadSigner } from "../../dist/keys/Keystore.js";
import { createLogger } from "../../dist/log.js";
import { Offers } from "../../dist/offer/Offers.js";
import { FakeChain } from "./FakeChain.ts";
import { FakeSender } from "./FakeSender.ts";
import type { TestNetwork, TestNode } from "./network.ts";
import { PROGRAM } from "./refereed.ts";
import { UnlockedSender } from "./UnlockedSender.ts";

export const LOG = createLogger("silent", false);
const DEPOSIT = parseEther("100");

/** A node that offers a version of the test network in sessions, without a daemon. */
export class SessionNode {
  readonly node: string;
  readonly versionId: string;
  readonly journal: Journal;
  readonly offers: Offers;
  /** Its owner's key, which sends at once. */
  readonly sender: UnlockedSender;
  readonly #network: TestNetwork;
  /** Signs for the node. */
  readonly #signer: BaseWallet;

  private constructor(network: TestNetwork, { node, folder }: TestNode, signer: BaseWallet, versionId: string) {
    this.#network = network;
    this.#signer = signer;
    this.node = node;
    this.versionId = versionId;
    this.sender = new UnlockedSender(network.provider, node);
    this.journal = Journal.open(join(folder, "journal.sqlite"), { chainId: 1n, market: "market", node });
    const settings = { lockDays: 1, claimAbove: 1n };
    this.offers = new Offers(new FakeChain(), this.journal, new FakeSender().asSender(), settings, LOG);
  }

  /** Adds a node whose owner has let sessions lock its stake. */
  static async add(network: TestNetwork, versionId: string, index: number): Promise<SessionNode> {
    const node = await network.addNode(index);
    const consumer = network.client.addresses.sessions;
    await authoriseConsumer(await network.clientOf(index), { node: node.node, consumer, cap: parseEther("1000") });
    const signer = await loadSigner(join(node.folder, "signer.json"), join(node.folder, "signer.password"));
    return new SessionNode(network, node, signer, versionId);
  }

  get #client(): Client {
    return this.#network.client;
  }

  /** Offers the version on these terms, in place of what it offered before. */
  offer(sessions: NonNullable<Config["versions"][number]["sessions"]> | undefined): void {
    const executable: Executable = { versionId: this.versionId, path: "", digest: "", inputs: [], outputs: [] };
    this.offers.add({ id: this.versionId, floorPrice: 0n, ...(sessions && { sessions }) }, executable);
  }

  async head(secondsAhead = 0): Promise<Head> {
    const block = await this.#network.provider.getBlock("latest");
    return { number: block?.number ?? 0, hash: block?.hash ?? "", timestamp: (block?.timestamp ?? 0) + secondsAhead };
  }

  /** Shows that the version can be judged. */
  async admit(): Promise<void> {
    const { modelId, identity } = await getVersion(this.#client, { versionId: this.versionId });
    await admitVersion(this.#client, { modelId, identity, program: PROGRAM });
  }

  async open(callPrice: bigint, collateral: bigint): Promise<PackedSession> {
    const { node, versionId } = this;
    const client = this.#client;
    const fields = await draftSession(client, { versionId, node, callPrice, collateral });
    const session = packSession(fields);
    const consent = await signSessionConsent(client, this.#signer, sessionIdOf(client, session), fields.endsAt);
    await depositForSessions(client, { amount: DEPOSIT });
    await openSessionOnChain(client, { session, deposit: DEPOSIT, consent });
    return session;
  }

  /** Claims an amount by a voucher of the session, and lets time pass until that is the node's. */
  async earn(session: PackedSession, amount: bigint): Promise<void> {
    const client = this.#client;
    const key = client.signer as Signer;
    const { signature } = await signVoucher(client, key, { sessionId: sessionIdOf(client, session), amount });
    await redeemVoucher(client, { session, amount, signature });
    await this.#network.provider.send("evm_increaseTime", [100]); // more than the horizon of receipts
    await this.#network.provider.send("evm_mine", []);
    await settleSession(client, { session });
  }

  /** Two receipts for one call, which together cost the session's whole collateral. */
  async contradict(session: PackedSession) {
    const { versionId } = this;
    const client = this.#client;
    const { timestamp: issuedAt } = await this.head();
    const one = { sessionId: sessionIdOf(client, session), sequence: 1n, versionId, inputRoot: id("input"), price: 1n };
    const signed = (output: string) => signReceipt(client, this.#signer, { ...one, outputRoot: id(output), issuedAt });
    const [first, second] = [await signed("one"), await signed("another")];
    const proven = ({ signature, ...receipt }: typeof first) => ({ receipt, proof: { signature } });
    return { session, first: proven(first), second: proven(second) };
  }
}
