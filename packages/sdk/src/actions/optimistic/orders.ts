import { keccak256, randomBytes, toBigInt } from "ethers";

import { chainTime } from "../../chainTime.ts";
import type { Client } from "../../client.ts";
import {
  type OptimisticOrder,
  optimisticOrderPaymentNonce,
  optimisticOrderSubject,
  type PackedOptimisticJob,
  packOptimisticOrder,
} from "../../codecs/optimisticJob.ts";
import { interfaces } from "../../contracts.ts";
import { offeredJob } from "../../entities/offeredJob.ts";
import { eventIn, type Mined } from "../../events.ts";
import { action } from "../action.ts";
import { type OrderSignature, type SignedOrderTerms, signOrderTerms } from "../mandates/orders.ts";
import { type InferenceInput, packInput } from "../market/orders.ts";
import { signerOf } from "../send.ts";
import { quoteOptimistic } from "./lens.ts";
import { type Payment, type PaymentPeriod, signReceiveAuthorization } from "../token/payments.ts";

const { optimistic } = interfaces;

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

const offered = (mined: Mined) => offeredJob(eventIn(mined, "JobOffered"));

/**
 * Orders an inference of one node out of the balance of the client's account, and gives the job that it became.
 * @throws ProtocolError `LedgerInsufficientBalance`, `MarketTermOutOfBounds`, `MarketPriceNotWhole`,
 * `MarketRoyaltyTooHigh`, `MarketVersionNotRefereed`, `MandateCapTooLow`, `RegistryUnknownVersion`,
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
 * @throws ProtocolError as `quoteOptimistic`, unless a value is given; NoBlockError unless `validBefore` is.
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

/** Parameters of {@link signOptimisticOrder}. */
export interface SignOptimisticOrderParameters extends RequestOptimisticParameters, SignedOrderTerms {}

/** An order that its requester has signed, with all that whoever brings it needs. */
export interface SignedOptimisticOrder extends PreparedOptimisticOrder, OrderSignature {}

/**
 * Signs an order that is paid for out of the prepaid balance of the client's account, and that somebody else brings and pays
 * the gas for: a node, or a relayer. Sends nothing. Unless it may be audited, it stands since the latest block.
 * @throws ProtocolError as `quoteOptimistic`, unless `mostCost` is given; NoBlockError.
 */
export async function signOptimisticOrder(
  client: Client,
  parameters: SignOptimisticOrderParameters,
): Promise<SignedOptimisticOrder> {
  const { account: requester } = signerOf(client);
  const since = parameters.since ?? (await chainTime(client));
  const prepared = prepareOptimisticOrder(requester, { ...parameters, since });
  const signature = await signOrderTerms(
    client,
    {
      ledger: client.addresses.optimistic,
      order: optimisticOrderSubject(prepared.order, keccak256(prepared.input)),
      escrow: async () => (await quoteOptimistic(client, { ...parameters, requester })).escrow,
    },
    parameters,
  );
  return { ...prepared, ...signature };
}

/** Parameters of {@link requestOptimisticFor}. */
export interface RequestOptimisticForParameters extends SignedOptimisticOrder {
  /** What moves from the requester's balance to the caller's, OPG, base units; at most `signed.mostRepay`. */
  readonly repay: bigint;
}

/**
 * Brings an order that `signOptimisticOrder` made, and gives the job that it became. Anyone may. `since` in the order lets a
 * node know the job before, so that it can answer in the same transaction with `batchOptimistic`.
 * @throws ProtocolError as `requestOptimistic`, and `MandateExpired`, `MandateCostTooHigh`, `MandateRepayTooHigh`,
 * `MandateNonceUsed`, `MandateInvalidSignature`, `MarketJobExists`.
 */
export const requestOptimisticFor = action(
  "optimistic",
  ({ order, input, signed, repay }: RequestOptimisticForParameters) =>
    optimistic.encodeFunctionData("requestFor", [order, input, signed, repay]),
  { result: offered },
);
