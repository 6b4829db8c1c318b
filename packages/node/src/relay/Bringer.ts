import {
  type Client,
  decodeSuiteError,
  requestFor,
  requestOptimisticFor,
  unpackJob,
  unpackOptimisticJob,
} from "@opg-protocol/sdk";

import type { Call } from "../chain/Chain.ts";
import { BudgetExceededError } from "../send/Budget.ts";
import type { Logger } from "../log.ts";
import type { Sender } from "../send/Sender.ts";
import { RefusedError } from "./errors.ts";
import type { OrderMessage } from "./messages.ts";

const KIND = "bring";
const WHOLE = 10n ** 18n;
/**
 * What is asked for, in percent of what the gas costs now. Until the order is mined its price can rise by an eighth a block: one
 * such rise is covered, what comes beyond is the relayer's.
 */
const ASKED_PERCENT = 120n;

export interface BringerModules {
  readonly client: Client;
  readonly sender: Pick<Sender, "perform" | "isUnderway">;
  readonly log: Logger;
}

/** Who brings orders, and for what. */
export interface BringerTerms {
  /** What the sender signs with. */
  readonly account: string;
  /** OPG for one whole coin of the chain, base units; with zero, orders are brought for nothing. */
  readonly opgPerCoin: bigint;
}

/** An order as the market that it names takes it. */
interface Bringing {
  readonly requester: string;
  readonly for: (repay: bigint) => Call;
}

/**
 * Brings orders that their requesters have signed and pays the gas, for a repayment out of their balances. It asks for what
 * the gas costs now and a fifth more, not for all that was signed. It sends only what the market would take this moment, and
 * one order at a time for a nonce that was signed: another one would fail, and cost gas.
 */
export class Bringer {
  /** Requesters and nonces of orders that are being looked at. */
  private readonly inHand = new Set<string>();

  constructor(
    private readonly modules: BringerModules,
    private readonly terms: BringerTerms,
  ) {}

  /**
   * @returns hash of the transaction; one that pays more for its gas can take its place.
   * @throws RefusedError
   */
  async bring(message: OrderMessage): Promise<string> {
    const { client, sender, log } = this.modules;
    const { nonce, mostRepay } = message.signed;
    const bringing = bringingOf(message, client.addresses);
    const subject = `${bringing.requester}/${nonce}`;
    const isUnderway = () => sender.isUnderway({ kind: KIND, subject });
    const onItsWay = `An order of ${bringing.requester} with nonce ${nonce} is on its way.`;
    if (this.inHand.has(subject) || isUnderway()) throw new RefusedError(409, onItsWay);
    this.inHand.add(subject);
    try {
      const repay = await this.priceOf(bringing, mostRepay);
      return await sender.perform({ kind: KIND, subject, ...bringing.for(repay) });
    } catch (error) {
      if (!isUnderway()) throw refusalOf(error);
      // Its transaction is in the journal, and is sent again.
      log.warn({ subject, error: String(error) }, "could not send an order at once; tries again");
      throw new RefusedError(409, onItsWay);
    } finally {
      this.inHand.delete(subject);
    }
  }

  /** OPG to ask for, base units, rounded up. Throws what the market would refuse it with. */
  private async priceOf(bringing: Bringing, mostRepay: bigint): Promise<bigint> {
    const { provider } = this.modules.client;
    const { account: from, opgPerCoin } = this.terms;
    // The smallest repayment touches what any other does.
    const { to, data } = bringing.for(opgPerCoin > 0n && mostRepay > 0n ? 1n : 0n);
    const [gas, { gasPrice }] = await Promise.all([provider.estimateGas({ from, to, data }), provider.getFeeData()]);
    if (gasPrice === null) throw new Error("The chain has no price of gas");
    const repay = ceilDiv(gas * gasPrice * opgPerCoin * ASKED_PERCENT, WHOLE * 100n);
    if (repay > mostRepay) {
      const reason = `Bringing it costs ${repay} base units of OPG now, and mostRepay is ${mostRepay}: sign more.`;
      throw new RefusedError(402, reason);
    }
    return repay;
  }
}

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

function bringingOf(message: OrderMessage, addresses: Client["addresses"]): Bringing {
  const expected = message.kind === "several" ? addresses.market : addresses.optimistic;
  if (message.market !== expected) {
    throw new RefusedError(404, `Orders of this form are for ${expected} here, and not for ${message.market}.`);
  }
  const { input, signed } = message;
  if (message.kind === "several") {
    const { order } = message;
    const { requester } = unpackJob(order);
    return { requester, for: (repay) => requestFor.call(addresses, { order, input, signed, repay }) };
  }
  const { order } = message;
  const { requester } = unpackOptimisticJob(order);
  return { requester, for: (repay) => requestOptimisticFor.call(addresses, { order, input, signed, repay }) };
}

/** What the market says, as whoever has signed can use it. */
function refusalOf(error: unknown): unknown {
  if (error instanceof BudgetExceededError) return new RefusedError(503, "This relayer has spent what it may today.");
  const decoded = decodeSuiteError(error);
  return decoded === undefined ? error : new RefusedError(409, `${decoded.name}: ${decoded.sentence} ${decoded.fix}`);
}
