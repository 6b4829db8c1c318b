import { hexlify, keccak256, randomBytes, toBigInt } from "ethers";

import type { Client } from "../../client.ts";
import { escrowOf, type Order, orderPaymentNonce, orderSubject, type PackedJob, packOrder } from "../../codecs/job.ts";
import { encodeInputURI, encodePayload, payloadRoot } from "../../codecs/payload.ts";
import { type Rules, unpackRules } from "../../codecs/rules.ts";
import type { Tensor } from "../../codecs/tensor.ts";
import { interfaces } from "../../contracts.ts";
import { requestedJob } from "../../entities/requestedJob.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn, type Mined } from "../../events.ts";
import { action } from "../action.ts";
import { type OrderSignature, type SignedOrderTerms, signOrderTerms } from "../mandates/orders.ts";
import { signerOf } from "../send.ts";
import { type Payment, type PaymentPeriod, signReceiveAuthorization } from "../token/payments.ts";

const { market } = interfaces;
const BPS = 10_000n;

/** The input of an inference: the tensors themselves, or where nodes fetch `encodePayload` of them, and their root. */
export type InferenceInput =
  { readonly tensors: readonly Tensor[] } | { readonly uri: string; readonly inputRoot: string };

/**
 * What a requester chooses. Who orders and the root of the input follow from elsewhere, and without a `nonce` a random one
 * is taken.
 */
export type OrderTerms = Omit<Order, "requester" | "inputRoot">;

/** What is ordered on which input; parameters of {@link requestInference}. */
export interface RequestInferenceParameters extends OrderTerms {
  readonly input: InferenceInput;
}

/** An order as the market takes it. */
export interface PreparedOrder {
  readonly order: PackedJob;
  /** The payload or its URI, hex. */
  readonly input: string;
}

/** An input as orders carry it, hex, and its root. */
export function packInput(input: InferenceInput): { readonly inputRoot: string; readonly input: string } {
  if ("uri" in input) return { inputRoot: input.inputRoot, input: encodeInputURI(input.uri) };
  return { inputRoot: payloadRoot(input.tensors), input: hexlify(encodePayload(input.tensors)) };
}

/** Puts an order together. Pure but for a random nonce if none is given. */
export function prepareOrder(requester: string, parameters: RequestInferenceParameters): PreparedOrder {
  const { input, nonce = toBigInt(randomBytes(5)), ...terms } = parameters;
  const packed = packInput(input);
  return { order: packOrder({ ...terms, requester, inputRoot: packed.inputRoot, nonce }), input: packed.input };
}

/** An order of a version with a referee takes the shortest time to dispute its answers, unless it names one. */
async function withWindow<P extends OrderTerms>(client: Client, requester: string, terms: P): Promise<P> {
  if (terms.windowPeriod !== undefined) return terms;
  const { refereed } = await explained(client.registry.quote(terms.versionId, requester));
  return refereed ? { ...terms, windowPeriod: await leastWindow(client) } : terms;
}

const leastWindow = async ({ disputes }: Client): Promise<number> =>
  Number(await explained(disputes.LEAST_WINDOW_PERIOD()));

/** Parameters of {@link quoteOrder}. */
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
  /** Seconds in which answers can be disputed if the order names none: the least there is, or zero without a referee. */
  readonly windowPeriod: number;
  /** The numbers under which a job lives that is requested now. */
  readonly rules: Rules;
}

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
    leastCollateralFactor: asked.refereed
      ? leastRefereedFactor(seatPrice, await explained(client.disputes.bond()))
      : 2 * Number(rules.appealSize) + 2,
    windowPeriod: asked.refereed ? await leastWindow(client) : 0,
    rules,
  };
}

/** Two prices and four bonds, in prices. */
const leastRefereedFactor = (seatPrice: bigint, bond: bigint): number =>
  Number((2n * seatPrice + 4n * bond + seatPrice - 1n) / seatPrice);

const requested = (mined: Mined) => requestedJob(eventIn(mined, "JobRequested"));

/**
 * Orders an inference out of the balance of the client's account, and gives the job that it became.
 * @throws ProtocolError `LedgerInsufficientBalance`, `MarketTermOutOfBounds`, `MarketRoyaltyTooHigh`,
 * `RegistryUnknownVersion`, `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`; FieldOverflowError,
 * TensorLengthError.
 */
export const requestInference = action(
  "market",
  ({ order, input }: PreparedOrder) => market.encodeFunctionData("request", [order, input]),
  {
    prepare: async (client: Client, parameters: RequestInferenceParameters) => {
      const { account } = signerOf(client);
      return prepareOrder(account, await withWindow(client, account, parameters));
    },
    result: requested,
  },
);

/** Parameters of {@link signRequest}. */
export interface SignRequestParameters extends RequestInferenceParameters, PaymentPeriod {
  /** OPG, base units; by default the order's escrow. What it brings beyond that stays in the balance. */
  readonly value?: bigint;
}

/** An order, and the signed payment that places it. */
export interface SignedRequest extends PreparedOrder {
  readonly payment: Payment;
}

/**
 * Signs an order of the client's account with the payment for it, which somebody else can send and pay the gas for. Sends
 * nothing.
 * @throws ProtocolError `RegistryUnknownVersion`, `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`; NoBlockError
 * unless `validBefore` is given.
 */
export async function signRequest(client: Client, parameters: SignRequestParameters): Promise<SignedRequest> {
  const { value, validAfter, validBefore, ...terms } = parameters;
  const { account: requester } = signerOf(client);
  const prepared = prepareOrder(requester, await withWindow(client, requester, terms));
  const to = client.addresses.market;
  const payment = await signReceiveAuthorization(client, {
    to,
    value: value ?? (await quoteOrder(client, { ...terms, requester })).escrow,
    nonce: orderPaymentNonce(client.chainId, to, prepared.order, keccak256(prepared.input)),
    ...(validAfter !== undefined && { validAfter }),
    ...(validBefore !== undefined && { validBefore }),
  });
  return { ...prepared, payment };
}

/**
 * Sends an order that `signRequest` made, and gives the job that it became. Anyone may.
 * @throws ProtocolError as `requestInference`, and `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`,
 * `ERC3009InvalidSignature`, `ERC20InsufficientBalance`.
 */
export const requestWithAuthorization = action(
  "market",
  ({ order, input, payment }: SignedRequest) =>
    market.encodeFunctionData("requestWithAuthorization", [order, input, payment]),
  { result: requested },
);

/** Parameters of {@link signOrder}. */
export interface SignOrderParameters extends RequestInferenceParameters, SignedOrderTerms {}

/** An order that its requester has signed, with all that whoever brings it needs. */
export interface SignedOrder extends PreparedOrder, OrderSignature {}

/**
 * Signs an order that is paid for out of the prepaid balance of the client's account, and that somebody else brings and pays
 * the gas for. Sends nothing.
 * @throws ProtocolError `RegistryUnknownVersion`, `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`; NoBlockError
 * unless `expiresAt` is given.
 */
export async function signOrder(client: Client, parameters: SignOrderParameters): Promise<SignedOrder> {
  const { account: requester } = signerOf(client);
  const prepared = prepareOrder(requester, await withWindow(client, requester, parameters));
  const signature = await signOrderTerms(
    client,
    {
      ledger: client.addresses.market,
      order: orderSubject(prepared.order, keccak256(prepared.input)),
      escrow: async () => (await quoteOrder(client, { ...parameters, requester })).escrow,
    },
    parameters,
  );
  return { ...prepared, ...signature };
}

/** Parameters of {@link requestFor}. */
export interface RequestForParameters extends SignedOrder {
  /** What moves from the requester's balance to the caller's, OPG, base units; at most `signed.mostRepay`. */
  readonly repay: bigint;
}

/**
 * Brings an order that `signOrder` made, and gives the job that it became. Anyone may.
 * @throws ProtocolError as `requestInference`, and `MandateExpired`, `MandateCostTooHigh`, `MandateRepayTooHigh`,
 * `MandateNonceUsed`, `MandateInvalidSignature`.
 */
export const requestFor = action(
  "market",
  ({ order, input, signed, repay }: RequestForParameters) =>
    market.encodeFunctionData("requestFor", [order, input, signed, repay]),
  { result: requested },
);
