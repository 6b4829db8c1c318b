import { mandatesDomain, type OrderBounds, signedOrderDigest } from "../../packages/sdk/src/codecs/mandate.ts";
import { accountOf, LAST_ACCOUNT, numberOf, ONES, type VectorFile, wordOf } from "./samples.ts";

const ALL = 2n ** 256n - 1n;

function describe(
  name: string,
  chainId: bigint,
  mandates: string,
  ledger: string,
  order: string,
  bounds: Omit<OrderBounds, "expiresAt"> & { readonly expiresAt: bigint },
) {
  const digest = signedOrderDigest(mandatesDomain(chainId, mandates), ledger, order, {
    ...bounds,
    expiresAt: Number(bounds.expiresAt),
  });
  return { name, chainId, mandates, ledger, order, ...bounds, digest };
}

const LATEST = 2n ** 53n - 1n;

export const mandateVectors: VectorFile = {
  about: "Hashes that accounts sign so that anybody can bring their orders, on a chain whose Mandates is `mandates`.",
  cases: [
    describe("an order", 31_337n, accountOf("mandates"), accountOf("market"), wordOf("order"), {
      mostCost: 2_150_000_000_000_000_000n,
      mostRepay: 10n ** 16n,
      nonce: 1n,
      expiresAt: 1_800_000_000n,
    }),
    describe("nothing", 1n, accountOf("mandates"), accountOf("market"), wordOf("order"), {
      mostCost: 0n,
      mostRepay: 0n,
      nonce: 0n,
      expiresAt: 0n,
    }),
    describe("the most", 1n, LAST_ACCOUNT, LAST_ACCOUNT, ONES, {
      mostCost: ALL,
      mostRepay: ALL,
      nonce: ALL,
      expiresAt: LATEST,
    }),
    ...Array.from({ length: 5 }, (_, i) => {
      const label = `mandate ${i}`;
      const number = (field: string, bits: number) => numberOf(`${label}/${field}`, bits);
      return describe(
        label,
        number("chain", 32),
        accountOf(`${label}/mandates`),
        accountOf(`${label}/ledger`),
        wordOf(`${label}/order`),
        {
          mostCost: number("cost", 90),
          mostRepay: number("repay", 90),
          nonce: number("nonce", 256),
          expiresAt: number("expiry", 40),
        },
      );
    }),
  ],
};
