import { quoteOptimistic, quoteOrder } from "@opg-protocol/sdk";
import { ZeroAddress } from "ethers";
import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";

import type { JobOrder } from "../../entities/jobOrders.ts";
import type { ModelView } from "../../entities/models.ts";
import { drawnTermsOf, singleTermsOf } from "../../entities/quotes.ts";
import type { VersionView } from "../../entities/versions.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useRead } from "../../network/useRead.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Async } from "../../parts/Async.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { to } from "../../routes.ts";
import { useWallet } from "../../wallet/useWallet.ts";
import { CallPrices } from "./CallPrices.tsx";

interface Props {
  readonly version: VersionView;
  readonly model: ModelView | undefined;
}

/** What an inference costs now, by how its answer is secured. */
export function PriceQuotes({ version, model }: Props): ReactNode {
  const { account } = useWallet();
  if (version.deprecation !== undefined) return <Empty>It takes no orders any more, so it has no price.</Empty>;
  const requester = account ?? model?.listed[0]?.requester ?? ZeroAddress;
  return (
    <div className="columns">
      <div>
        <h3>Several nodes, one output</h3>
        <DrawnQuote versionId={version.versionId} requester={requester} />
      </div>
      <div>
        <h3>One node, open to dispute</h3>
        {version.admission === undefined ? (
          <Empty>Not possible: no referee can judge its answers.</Empty>
        ) : (
          <SingleQuote versionId={version.versionId} requester={requester} />
        )}
      </div>
      <div>
        <h3>Calls in a session</h3>
        <CallPrices versionId={version.versionId} />
      </div>
    </div>
  );
}

interface QuoteProps {
  readonly versionId: string;
  readonly requester: string;
}

function DrawnQuote({ versionId, requester }: QuoteProps): ReactNode {
  const { index } = useHistory();
  const { terms, from } = useMemo(() => drawnTermsOf(index, versionId), [index, versionId]);
  const { seatPrice, quorum, auditBps = 0 } = terms;
  const key = ["drawn quote", versionId, requester, seatPrice, quorum, auditBps] as const;
  const read = useRead(key, (client) => quoteOrder(client, { ...terms, requester }));
  return (
    <Async read={read} what="the quote">
      {(quote) => (
        <>
          <Basis from={from} />
          <Facts
            items={[
              ["A right answer earns", <Amount key="seat" value={seatPrice} />],
              ["Nodes that must agree", quorum],
              ["Likely cost", <Amount key="cost" value={quote.likelyCost} />],
              ["Taken at first", <Amount key="escrow" value={quote.escrow} />],
              ["Royalty in it", <Amount key="royalty" value={quote.royalty} />],
            ]}
          />
        </>
      )}
    </Async>
  );
}

function SingleQuote({ versionId, requester }: QuoteProps): ReactNode {
  const { index } = useHistory();
  const window = useRead(["least window"], async ({ disputes }) => Number(await disputes.LEAST_WINDOW_PERIOD()), {
    once: true,
  });
  const { terms, from } = useMemo(
    () => singleTermsOf(index, versionId, window.data ?? 0),
    [index, versionId, window.data],
  );
  const { price, auditBps = 0, valueAtStake = 0, windowPeriod } = terms;
  const key = ["single quote", versionId, requester, price, auditBps, valueAtStake, windowPeriod] as const;
  const read = useRead(key, (client) => quoteOptimistic(client, { ...terms, requester }), {
    enabled: window.data !== undefined,
  });
  return (
    <Async read={window.error === null ? read : { ...read, error: window.error }} what="the quote">
      {(quote) => (
        <>
          <Basis from={from} />
          <Facts
            items={[
              ["The answer earns at most", <Amount key="price" value={price} />],
              ["Taken at first", <Amount key="escrow" value={quote.escrow} />],
              ["Royalty in it", <Amount key="royalty" value={quote.royalty} />],
              ["Stake behind it", <Amount key="collateral" value={quote.collateral} />],
            ]}
          />
        </>
      )}
    </Async>
  );
}

function Basis({ from }: { readonly from: JobOrder | undefined }): ReactNode {
  if (from === undefined) return <p className="muted">An example: whoever orders names the price.</p>;
  return (
    <p className="muted">
      On the terms of the <Link href={to.job(from.id)}>last order</Link>; whoever orders names the price.
    </p>
  );
}
