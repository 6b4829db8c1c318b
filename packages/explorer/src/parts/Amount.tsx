import { formatOpg } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { TxLink } from "./TxLink.tsx";
import { groupDigits } from "./format.ts";

interface Props {
  /** Base units of OPG. */
  readonly value: bigint;
  /** The transaction that the number comes from. */
  readonly tx?: string;
  /** Shows a plus, too. */
  readonly signed?: boolean;
}

/** An amount of OPG. */
export function Amount({ value, tx, signed = false }: Props): ReactNode {
  const exact = formatOpg(value < 0n ? -value : value);
  const sign = value < 0n ? "−" : signed && value > 0n ? "+" : "";
  const shown = (
    <span className="number" title={`${sign}${exact} OPG`}>
      {sign}
      {groupDigits(exact)} OPG
    </span>
  );
  return tx === undefined ? shown : <TxLink hash={tx}>{shown}</TxLink>;
}
