import { keccak256, randomBytes, toBigInt } from "ethers";

import type { Client } from "../../client.ts";
import {
  answerCollateralOf,
  type OptimisticOrder,
  optimisticEscrowOf,
  optimisticOrderPaymentNonce,
  type PackedOptimisticJob,
  packOptimisticOrder,
} from "../../codecs/optimisticJob.ts";
import { type OptimisticRules, unpackOptimisticRules } from "../../codecs/optimisticRules.ts";
import { interfaces } from "../../contracts.ts";
import { offeredJob } from "../../entities/offeredJob.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn, type Mined } from "../../events.ts";
import { action } from "../action.ts";
import { type InferenceInput, packInput } from "../market/orders.ts";
import { signerOf } from "../send.ts";
import { type Payment, type PaymentPeriod, signReceiveAuthorization } from "../token/payments.ts";

const { optimistic } = interfaces;
const BPS = 10_000n;

/** What a requester chooses of a job for one node. Without a `nonce` a random one is taken. */
export type OptimisticTerms = Omit<OptimisticOrder, "requester" | "inputRoot">;

/** What is ordered on which input; parameters of {@link requestOptimistic}. */
export interface RequestOptimisticParameters extends OptimisticTerms {
  readonly input: InferenceInput;
}

/** An order as the market for one node takes it. */
export interface PreparedOptimisticOrder {
  readonly order: PackedOptimisticJob;
  /** The payload or its URI, hex. */
  readonly input: string;
}

/** Puts an order together. Pure but for a random nonce if none is given. */
export function prepareOptimisticOrder(
  requester: string,
  parameters: RequestOptimisticParameters,
): PreparedOptimisticOrder {
  const { input, nonce = toBigInt(randomBytes(6)), ...terms } = parameters;
  const packed = packInput(input);
  const order = packOptimisticOrder({ ...terms, requester, inputRoot: packed.inputRoot, nonce });
  return { order, input: packed.input };
}

/** Parameters of {@link quoteOptimistic}. */
export interface QuoteOptimisticParameters extends OptimisticTerms {
  /** By default the client's account. */
  readonly requester?: string;
}

/** What an order of one node would cost now. Amounts in base units of OPG. */
export interface OptimisticQuote {
  /** Leaves the balance at the request; what is not used comes back. */
  readonly escrow: bigint;
  /** What answers for the answer at the order's price. */
  readonly collateral: bigint;
  /** What the owner of the model earns; `maxRoyalty` must be at least this. */
  readonly royalty: bigint;
  readonly royaltyPayee: string;
  /** The numbers under which a job lives that is requested now. */
  readonly rules: OptimisticRules;
}

/**
 * What an order of one node would cost, before it is placed.
 * @throws ProtocolError `RegistryUnknownVersion`, `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`.
 */
export async function quoteOptimistic(client: Client, parameters: QuoteOptimisticParameters): Promise<OptimisticQuote> {
  const { versionId, price, valueAtStake = 0, auditBps = 0, deliveryTip = 0n } = parameters;
  const requester = parameters.requester ?? signerOf(client).account;
  const [governed, asked] = await explained(
    Promise.all([client.optimistic.governed(), client.registry.quote(versionId, requester)]),
  );
  const rules = unpackOptimisticRules(governed.rules);
  const cap = (price * rules.royaltyCapBps) / BPS;
  const royalty = asked.royalty < cap ? asked.royalty : cap;
  return {
    escrow: optimisticEscrowOf({ price, auditBps, royalty, deliveryTip, rules }),
    collateral: answerCollateralOf({ valueAtStake, auditBps, rules }, price),
    royalty,
    royaltyPayee: asked.payee,
    rules,
  };
}

const offered = (mined: Mined) => offeredJob(eventIn(mined, "JobOffered"));

/**
 * Orders an inference of one node out of the balance of the client's account, and gives the job that it became.
 * @throws ProtocolError `LedgerInsufficientBalance`, `MarketTermOutOfBounds`, `MarketPriceNotWhole`,
 * `MarketRoyaltyTooHigh`, `MarketVersionNotRefereed`, `MarketNotRequester`, `RegistryUnknownVersion`,
 * `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`; FieldOverflowError, TensorLengthError.
 */
export const requestOptimistic = action(
  "optimistic",
  ({ order, input }: PreparedOptimisticOrder) => optimistic.encodeFunctionData("request", [order, input]),
  {
    prepare: (client: Client, parameters: RequestOptimisticParameters) =>
      Promise.resolve(prepareOptimisticOrder(signerOf(client).account, parameters)),
    result: offered,
  },
);

/** Parameters of {@link signOptimisticRequest}. */
export interface SignOptimisticRequestParameters extends RequestOptimisticParameters, PaymentPeriod {
  /** OPG, base units; by default the order's escrow. What it brings beyond that stays in the balance. */
  readonly value?: bigint;
}

/** An order, and the signed payment that places it. */
export interface SignedOptimisticRequest extends PreparedOptimisticOrder {
  readonly payment: Payment;
}

/**
 * Signs an order of the client's account with the payment for it, which somebody else can send and pay the gas for. Sends
 * nothing.
 * @throws ProtocolError `RegistryUnknownVersion`, `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`.
 */
export async function signOptimisticRequest(
  client: Client,
  parameters: SignOptimisticRequestParameters,
): Promise<SignedOptimisticRequest> {
  const { value, validAfter, validBefore, ...terms } = parameters;
  const { account: requester } = signerOf(client);
  const prepared = prepareOptimisticOrder(requester, terms);
  const to = client.addresses.optimistic;
  const payment = await signReceiveAuthorization(client, {
    to,
    value: value ?? (await quoteOptimistic(client, { ...terms, requester })).escrow,
    nonce: optimisticOrderPaymentNonce(client.chainId, to, prepared.order, keccak256(prepared.input)),
    ...(validAfter !== undefined && { validAfter }),
    ...(validBefore !== undefined && { validBefore }),
  });
  return { ...prepared, payment };
}

/**
 * Sends an order that `signOptimisticRequest` made, and gives the job that it became. Anyone may.
 * @throws ProtocolError as `requestOptimistic`, and `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`,
 * `ERC3009InvalidSignature`, `ERC20InsufficientBalance`.
 */
export const requestOptimisticWithAuthorization = action(
  "optimistic",
  ({ order, input, payment }: SignedOptimisticRequest) =>
    optimistic.encodeFunctionData("requestWithAuthorization", [order, input, payment]),
  { result: offered },
);
