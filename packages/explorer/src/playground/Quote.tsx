import { type OptimisticTerms, type OrderTerms, quoteOptimistic, quoteOrder } from "@opg-protocol/sdk";
import { ZeroAddress } from "ethers";
import type { ReactNode } from "react";

import { type Read, useRead } from "../network/useRead.ts";
import { Amount } from "../parts/Amount.tsx";
import { Async } from "../parts/Async.tsx";
import { Duration } from "../parts/Duration.tsx";
import { Facts } from "../parts/Facts.tsx";
import { Percent } from "../parts/Percent.tsx";
import { useWallet } from "../wallet/useWallet.ts";
import type { ChosenTerms } from "./choice.ts";
import type { QuotedTerms } from "./snippets.ts";

/** What an order would cost, and what stands behind its answer. Amounts in OPG, base units; times in seconds. */
export interface ShownQuote extends QuotedTerms {
  readonly escrow: bigint;
  /** What it costs if all goes well. */
  readonly likelyCost: bigint;
  /** What of each node's stake answers. */
  readonly collateral: bigint;
  /** How long after the answer it is final, at least. */
  readonly finalAfter: number;
  /** How long the answer may take, if nobody is late. */
  readonly answerWithin: number;
  /** What a lie would lose on average if nobody looked but a drawn auditor; undefined where several answer. */
  readonly margin: bigint | undefined;
  /** The part of lies that must be found for lying not to pay, basis points. */
  readonly breakEvenBps: number | undefined;
}

/** The quote of an order that would be placed now. */
export function useQuote(chosen: ChosenTerms | undefined): Read<ShownQuote> {
  const { account = ZeroAddress } = useWallet();
  const key = JSON.stringify(chosen, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  return useRead(
    ["playground quote", key, account],
    (client) => {
      if (chosen === undefined) return Promise.reject(new TypeError("Nothing was chosen"));
      return chosen.market === "market"
        ? quoteOrder(client, { ...chosen.terms, requester: account }).then((quote) => drawnQuote(chosen.terms, quote))
        : quoteOptimistic(client, { ...chosen.terms, requester: account }).then((quote) =>
            aloneQuote(chosen.terms, quote),
          );
    },
    { enabled: chosen !== undefined },
  );
}

type DrawnQuote = Awaited<ReturnType<typeof quoteOrder>>;
type AloneQuote = Awaited<ReturnType<typeof quoteOptimistic>>;

const drawnQuote = ({ seatPrice, sealPeriod }: OrderTerms, quote: DrawnQuote): ShownQuote => ({
  escrow: quote.escrow,
  likelyCost: quote.likelyCost,
  royalty: quote.royalty,
  collateralFactor: quote.leastCollateralFactor,
  collateral: seatPrice * BigInt(quote.leastCollateralFactor),
  windowPeriod: quote.windowPeriod,
  finalAfter: quote.windowPeriod,
  answerWithin: sealPeriod + Number(quote.rules.revealPeriod),
  margin: undefined,
  breakEvenBps: undefined,
});

const aloneQuote = ({ price, answerPeriod, windowPeriod }: OptimisticTerms, quote: AloneQuote): ShownQuote => ({
  escrow: quote.escrow,
  likelyCost: price + quote.fee + quote.royalty,
  royalty: quote.royalty,
  collateralFactor: 0,
  collateral: quote.collateral,
  windowPeriod,
  finalAfter: windowPeriod,
  answerWithin: answerPeriod,
  margin: quote.margin,
  breakEvenBps: quote.breakEvenBps,
});

/** Price, what is at stake, and how long it takes. */
export function Quote({ read }: { readonly read: Read<ShownQuote> }): ReactNode {
  return (
    <Async read={read} what="the quote">
      {(quote) => (
        <>
          <Facts
            items={[
              ["Likely cost", <Amount key="cost" value={quote.likelyCost} />],
              ["Taken at first", <Amount key="escrow" value={quote.escrow} />],
              ["Royalty in it", <Amount key="royalty" value={quote.royalty} />],
              ["Stake behind each answer", <Amount key="collateral" value={quote.collateral} />],
              ["Answer within", <Duration key="within" seconds={quote.answerWithin} />],
              [
                "Then open to dispute for",
                quote.finalAfter === 0 ? undefined : <Duration seconds={quote.finalAfter} />,
              ],
              [
                "A lie loses on average, if only an auditor looks",
                quote.margin === undefined ? undefined : <Amount value={quote.margin} signed />,
              ],
              [
                "Lying pays if fewer lies are found than",
                quote.breakEvenBps === undefined ? undefined : <Percent bps={quote.breakEvenBps} />,
              ],
            ]}
          />
          {quote.margin !== undefined && quote.margin < 0n && (
            <p className="hint">
              Below zero, lying pays unless others look, too. A greater chance of an audit changes that.
            </p>
          )}
        </>
      )}
    </Async>
  );
}
