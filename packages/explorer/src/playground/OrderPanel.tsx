import { encodePayload, getBalance, getOptimisticBalance, type Tensor } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import { type Read, useRead } from "../network/useRead.ts";
import { Bytes } from "../parts/Bytes.tsx";
import { to } from "../routes.ts";
import { ActionForm } from "../wallet/ActionForm.tsx";
import { useWallet } from "../wallet/useWallet.ts";
import { type Choice, type ChosenTerms, type OrderLimits } from "./choice.ts";
import { NodeRoom } from "./NodeRoom.tsx";
import type { OfferedVersion } from "./offered.ts";
import { paymentFor, placeOrder } from "./placeOrder.ts";
import { Quote, type ShownQuote } from "./Quote.tsx";
import TermsFields from "./TermsFields.tsx";

interface Props {
  readonly offered: OfferedVersion;
  readonly limits: OrderLimits;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
  readonly chosen: ChosenTerms | undefined;
  readonly quote: Read<ShownQuote>;
  /** Undefined as long as an input is missing. */
  readonly tensors: readonly Tensor[] | undefined;
}

/** Terms, their price, and the order itself. */
export default function OrderPanel({ offered, limits, choice, onChange, chosen, quote, tensors }: Props): ReactNode {
  const [jobId, setJobId] = useState<string>();
  const size = tensors === undefined ? 0 : encodePayload(tensors).length;
  const isTooBig = size > limits.mostInputBytes;
  return (
    <ActionForm
      title="Order"
      submit="Order"
      disabled={
        tensors === undefined ||
        chosen === undefined ||
        isTooBig ||
        // What it costs must be there to be seen before it is paid.
        quote.data === undefined ||
        quote.error !== null
      }
      run={async (client) => {
        if (tensors === undefined || chosen === undefined || quote.data === undefined) return undefined;
        setJobId(undefined);
        const placed = await placeOrder(client, chosen, tensors, quote.data.escrow);
        setJobId(placed.jobId);
        return placed;
      }}
      done={jobId === undefined ? "Ordered." : <Ordered jobId={jobId} />}
    >
      <TermsFields offered={offered} limits={limits} choice={choice} onChange={onChange} />
      {chosen !== undefined && <Quote read={quote} />}
      {quote.data !== undefined && chosen?.market === "optimistic" && choice.node !== "" && (
        <NodeRoom node={choice.node} versionId={chosen.terms.versionId} collateral={quote.data.collateral} />
      )}
      {quote.data !== undefined && <Asked market={choice.market} escrow={quote.data.escrow} />}
      {tensors === undefined && <p className="hint">Make an input first.</p>}
      {isTooBig && (
        <p className="note bad">
          The input has <Bytes value={size} />; an order carries at most <Bytes value={limits.mostInputBytes} />.
        </p>
      )}
    </ActionForm>
  );
}

function Ordered({ jobId }: { readonly jobId: string }): ReactNode {
  return (
    <>
      Ordered. <Link href={to.job(jobId)}>Follow the job</Link>, or go to its{" "}
      <Link href={to.result(jobId)}>result</Link>.
    </>
  );
}

/** What the wallet will be asked for. */
function Asked({ market, escrow }: { readonly market: Choice["market"]; readonly escrow: bigint }): ReactNode {
  const { account } = useWallet();
  const { data } = useRead(
    ["market balance", market, account],
    (client) => {
      const of = { account: account ?? "" };
      return market === "market" ? getBalance(client, of) : getOptimisticBalance(client, of);
    },
    { enabled: account !== undefined },
  );
  if (data === undefined) return null;
  return (
    <p className="hint">
      {paymentFor(escrow, data.balance) === "balance"
        ? "Your balance in the market suffices: the wallet asks for one transaction."
        : "Your wallet asks for one signature, a permit for exactly what is missing, and for one transaction. What is not used stays in your balance in the market."}
    </p>
  );
}
