import type { Client } from "../../client.ts";
import { escrowOf, seatBound } from "../../codecs/job.ts";
import { type Rules, unpackRules } from "../../codecs/rules.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { signerOf } from "../../send.ts";
import type { OrderTerms } from "./order.ts";

export interface QuoteOrderParameters extends OrderTerms {
  /** By default the client's account. */
  readonly requester?: string;
}

/** What an order would cost now. Amounts in base units of OPG. */
export interface OrderQuote {
  /** Leaves the balance at the request; what is not used comes back. */
  readonly escrow: bigint;
  /** What the job costs if exactly a quorum answers and agrees, with fee, royalty and tip. */
  readonly likelyCost: bigint;
  /** What the owner of the model earns; `maxRoyalty` must be at least this. */
  readonly royalty: bigint;
  readonly royaltyPayee: string;
  /** `collateralFactor` must be at least this. */
  readonly leastCollateralFactor: number;
  /** The numbers under which a job lives that is requested now. */
  readonly rules: Rules;
}

const BPS = 10_000n;

/**
 * What an order would cost, before it is placed.
 * @throws ProtocolError `RegistryUnknownVersion`, `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`.
 */
export async function quoteOrder(client: Client, parameters: QuoteOrderParameters): Promise<OrderQuote> {
  const { versionId, seatPrice, quorum, auditBps = 0, deliveryTip = 0n } = parameters;
  const requester = parameters.requester ?? signerOf(client).account;
  const [governed, asked] = await explained(
    Promise.all([client.market.governed(), client.registry.quote(versionId, requester)]),
  );
  const rules = unpackRules(governed.rules);
  const quorumPay = seatPrice * BigInt(quorum);
  const cap = (quorumPay * rules.royaltyCapBps) / BPS;
  const royalty = asked.royalty < cap ? asked.royalty : cap;
  return {
    escrow: escrowOf({ seatPrice, quorum, auditBps, deliveryTip, royalty, rules }),
    likelyCost: quorumPay + (quorumPay * rules.feeBps) / BPS + royalty + deliveryTip,
    royalty,
    royaltyPayee: asked.payee,
    leastCollateralFactor: 2 * Number(rules.appealSize) + 2,
    rules,
  };
}

/** Most nodes that can come to be paid by the escrow of an order. */
export const mostSeats = ({ quorum, auditBps = 0 }: Pick<OrderTerms, "quorum" | "auditBps">): number =>
  seatBound(quorum) + (auditBps > 0 ? seatBound(1) : 0);
