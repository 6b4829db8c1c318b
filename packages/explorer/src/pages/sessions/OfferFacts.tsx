import type { NodeOffer } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { opgText, shortHash } from "../../parts/format.ts";
import { Time } from "../../parts/Time.tsx";

/** An offer in a line of text. */
export const offerText = ({ node, callPrice }: NodeOffer): string => `${shortHash(node)}: ${opgText(callPrice)} a call`;

/** What a node offers. */
export function OfferFacts({ offer }: { readonly offer: NodeOffer }): ReactNode {
  return (
    <div className="field">
      <Facts
        items={[
          ["Who that is", <AddressLink key="node" address={offer.node} />],
          ["Price of a call", <Amount key="price" value={offer.callPrice} />],
          ["Collateral against a lie, at least", <Amount key="least" value={offer.leastCollateral} />],
          ["No session can end later than", <Time key="end" at={offer.latestEnd} />],
          ["Its door, as it says", <ForeignText key="door" text={offer.endpoint} />],
        ]}
      />
    </div>
  );
}
