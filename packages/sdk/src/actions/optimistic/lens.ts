import { toBeHex } from "ethers";

import type { Client } from "../../client.ts";
import { type OptimisticState, packOptimisticOrder } from "../../codecs/optimisticJob.ts";
import { type OptimisticRules, unpackOptimisticRules } from "../../codecs/optimisticRules.ts";
import type { Liar } from "../../deterrence.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { signerOf } from "../send.ts";
import type { OptimisticJobParameters } from "./jobs.ts";
import type { OptimisticTerms } from "./orders.ts";

/** Who might lie, if nobody says otherwise: whoever owns three tenths of the weight that is enrolled. */
const ASSUMED = { share: 0.3 };
/** What an order means does not depend on its input; it must name one. */
const ANY_INPUT = toBeHex(1, 32);
const BPS = 10_000;
const WAD = 1e18;

/**
 * What answers for an answer, and whether a lie pays if nobody looks but the auditor whom the order pays for. Amounts in base
 * units of OPG.
 */
export interface Deterrence {
  /** What a lie can bring: the price, and what the requester says is at stake. */
  readonly gain: bigint;
  /** What of the node's stake answers for the answer. */
  readonly collateral: bigint;
  /** What of it a liar is rid of if it is found, even if puppets of it share the reward, and its second node has the prize. */
  readonly loss: bigint;
  /** Chance that an auditor is drawn, basis points; zero where nobody is enrolled beside the node. */
  readonly auditBps: number;
  /** What is enrolled beside the node. */
  readonly auditorWeight: bigint;
  /** Chance that somebody honest gets the seat of an auditor who is drawn, between 0 and 1. */
  readonly honestSeatChance: number;
  /** The part of such lies that must be found for lying not to pay, basis points. */
  readonly breakEvenBps: number;
  /** What a lie loses on average if nobody else looks, less what it brings. Below zero lying pays. */
  readonly margin: bigint;
}

/** Says of whom is feared that it lies; three tenths of the enrolled weight are its own, if nothing is said. */
export interface LiarParameters {
  readonly liar?: Omit<Liar, "puppets">;
}

/** Parameters of {@link quoteOptimistic}. */
export interface QuoteOptimisticParameters extends OptimisticTerms, LiarParameters {
  /** By default the client's account. */
  readonly requester?: string;
}

/** What an order of one node would cost now, and what it would buy. Amounts in base units of OPG. */
export interface OptimisticQuote extends Deterrence {
  /** Leaves the balance at the request; what is not used comes back. */
  readonly escrow: bigint;
  /** What of it goes to the treasury for one answer at the order's price. */
  readonly fee: bigint;
  /** What the owner of the model earns; `maxRoyalty` must be at least this. */
  readonly royalty: bigint;
  readonly royaltyPayee: string;
  /** The numbers under which a job lives that is requested now. */
  readonly rules: OptimisticRules;
}

/**
 * What an order of one node would cost, and what would answer for the answer, before it is placed. Of an open job at its
 * highest price.
 * @throws ProtocolError `RegistryUnknownVersion`, `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`,
 * `MarketVersionNotRefereed`, `MarketTermOutOfBounds`, `MarketPriceNotWhole`.
 */
export async function quoteOptimistic(client: Client, parameters: QuoteOptimisticParameters): Promise<OptimisticQuote> {
  const { requester = signerOf(client).account, liar, ...terms } = parameters;
  const order = packOptimisticOrder({ ...terms, requester, inputRoot: ANY_INPUT });
  const quote = await explained(client.optimisticLens.quote(order, liarOf(liar)));
  const { escrow, fee, royalty, royaltyPayee, rules, deterrence } = quote;
  return { escrow, fee, royalty, royaltyPayee, rules: unpackOptimisticRules(rules), ...figuresOf(deterrence) };
}

/** Parameters of {@link getDeterrence}. */
export interface GetDeterrenceParameters extends OptimisticJobParameters, LiarParameters {}

/** What answers for the answer of a job, and the state to which that belongs. */
export interface JobDeterrence extends Deterrence {
  readonly state: OptimisticState;
}

/**
 * What answers for the answer of a job for one node whose attempt is under way; all zero in any other state, which is `None`
 * where there is no such job.
 */
export async function getDeterrence(client: Client, { job, liar }: GetDeterrenceParameters): Promise<JobDeterrence> {
  const { state, deterrence } = await explained(client.optimisticLens.deterrenceOf(job, liarOf(liar)));
  return { state: Number(state) as OptimisticState, ...figuresOf(deterrence) };
}

const liarOf = ({ share, online = 1 }: Liar = ASSUMED) => ({
  shareBps: Math.round(share * BPS),
  onlineBps: Math.round(online * BPS),
});

interface Figures extends Pick<Deterrence, "gain" | "collateral" | "loss" | "auditorWeight" | "margin"> {
  readonly auditBps: bigint;
  readonly honestWad: bigint;
  readonly breakEvenBps: bigint;
}

const figuresOf = (figures: Figures): Deterrence => ({
  gain: figures.gain,
  collateral: figures.collateral,
  loss: figures.loss,
  auditBps: Number(figures.auditBps),
  auditorWeight: figures.auditorWeight,
  honestSeatChance: Number(figures.honestWad) / WAD,
  breakEvenBps: Number(figures.breakEvenBps),
  margin: figures.margin,
});
