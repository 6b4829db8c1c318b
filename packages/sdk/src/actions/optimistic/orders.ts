import { keccak256, randomBytes, toBigInt } from "ethers";

import type { Client } from "../../client.ts";
import {
  type OptimisticOrder,
  optimisticOrderPaymentNonce,
  type PackedOptimisticJob,
  packOptimisticOrder,
} from "../../codecs/optimisticJob.ts";
import { interfaces } from "../../contracts.ts";
import { offeredJob } from "../../entities/offeredJob.ts";
import { eventIn, type Mined } from "../../events.ts";
import { action } from "../action.ts";
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
 * @throws ProtocolError as `quoteOptimistic`, unless a value is given.
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
