import type { Client } from "../../client.ts";
import { sessionsDomain, type Voucher, VOUCHER_TYPES, voucherDigest, voucherMessage } from "../../codecs/receipt.ts";
import type { PackedSession } from "../../codecs/session.ts";
import { type CompactSignature, signerOfDigest } from "../../codecs/signature.ts";
import { interfaces } from "../../contracts.ts";
import { eventsIn } from "../../events.ts";
import { action } from "../action.ts";
import { signTyped, type TypedDataSigner } from "./signing.ts";

const { sessions } = interfaces;

type Place = Pick<Client, "chainId" | "addresses">;

/** A voucher that the session's key has signed. */
export interface SignedVoucher extends Voucher {
  readonly signature: CompactSignature;
}

const domainOf = ({ chainId, addresses }: Place) => sessionsDomain(chainId, addresses.sessions);

/** Signs with the session's key what the node may claim since the session was opened. Sends nothing. */
export async function signVoucher(place: Place, key: TypedDataSigner, voucher: Voucher): Promise<SignedVoucher> {
  const domain = domainOf(place);
  const digest = voucherDigest(domain, voucher);
  const signable = { digest, domain, types: VOUCHER_TYPES, message: voucherMessage(voucher) };
  return { ...voucher, signature: await signTyped(key, signable) };
}

/** Who has signed a voucher; undefined if nobody can have. */
export const voucherSigner = (place: Place, { signature, ...voucher }: SignedVoucher): string | undefined =>
  signerOfDigest(voucherDigest(domainOf(place), voucher), signature);

/** A voucher with its session; parameters of {@link redeemVoucher}. */
export interface Redemption {
  readonly session: PackedSession;
  /** OPG since the session was opened, base units. */
  readonly amount: bigint;
  readonly signature: CompactSignature;
}

/**
 * Claims what a voucher allows. Anyone may.
 * @throws ProtocolError `SessionsVoucherRefused`.
 */
export const redeemVoucher = action("sessions", (redemption: Redemption) =>
  sessions.encodeFunctionData("redeem", [redemption]),
);

/** Parameters of {@link redeemVouchers}. */
export interface RedeemVouchersParameters {
  /** Of any sessions. */
  readonly redemptions: readonly Redemption[];
}

/** Claims what many vouchers allow, and says which were left out. Anyone may. */
export const redeemVouchers = action(
  "sessions",
  ({ redemptions }: RedeemVouchersParameters) => sessions.encodeFunctionData("redeemMany", [[...redemptions]]),
  {
    result: (mined) => ({
      redeemed: eventsIn(mined, "VoucherRedeemed").map(({ args }) => args),
      refused: eventsIn(mined, "VoucherRefused").map(({ args }) => args),
    }),
  },
);
