import { formatEther } from "ethers";
import type { ReactNode } from "react";

import { LEDGERS } from "../../entities/accounts.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { groupDigits } from "../../parts/format.ts";
import { Section } from "../../parts/Section.tsx";
import { type Holdings, LEDGER_OF } from "./ledgers.ts";

/** What an account has in its own hands, and in each contract. */
export function Balances({ holdings: { opg, eth, ledgers } }: { readonly holdings: Holdings }): ReactNode {
  return (
    <Section title="Balances">
      <Facts
        items={[
          ["In your wallet", <Amount key="opg" value={opg} />],
          [
            "For gas",
            <span key="eth" className="number" title={`${formatEther(eth)} ETH`}>
              {groupDigits(formatEther(eth))} ETH
            </span>,
          ],
          ...LEDGERS.map((name) => [LEDGER_OF[name].title, <Amount key={name} value={ledgers[name]} />] as const),
        ]}
      />
      {eth === 0n && (
        <p className="note wait">Without ETH this account cannot pay for gas: nothing can be sent from it.</p>
      )}
    </Section>
  );
}
