import { getOffers, type NodeOffer, PRICE_UNIT } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import { nameOfVersion } from "../../entities/names.ts";
import { offersOf } from "../../entities/serving.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { useRead } from "../../network/useRead.ts";
import { Async } from "../../parts/Async.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { visibleText } from "../../parts/foreign.ts";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AmountField } from "../../wallet/AmountField.tsx";
import { SelectField } from "../../wallet/SelectField.tsx";
import type { CallKey } from "./callKey.ts";
import { CallKeyFields } from "./CallKeyFields.tsx";
import { OfferFacts, offerText } from "./OfferFacts.tsx";
import { isReady } from "./offers.ts";
import { openHere } from "./openHere.ts";

/** Opens a session of the connected account. */
export function OpenSession(): ReactNode {
  const { index } = useHistory();
  const offers = useEntities(offersOf).filter(({ callPrice }) => callPrice > 0n);
  const versions = [...new Set(offers.map(({ versionId }) => versionId))];
  const [chosen, setChosen] = useState<string>();
  const versionId = chosen ?? versions[0];
  return (
    <Section title="Open a session">
      {versionId === undefined ? (
        <Empty>No node offers calls now. Nodes publish their prices on chain; they will appear here.</Empty>
      ) : (
        <>
          <div className="action">
            <SelectField
              label="Version"
              value={versionId}
              onChange={setChosen}
              options={versions.map((id) => ({ value: id, label: visibleText(nameOfVersion(index, id)) }))}
            />
          </div>
          <VersionOffers
            key={versionId}
            versionId={versionId}
            nodes={offers.filter((offer) => offer.versionId === versionId).map(({ node }) => node)}
          />
        </>
      )}
    </Section>
  );
}

interface VersionProps {
  readonly versionId: string;
  readonly nodes: readonly string[];
}

function VersionOffers({ versionId, nodes }: VersionProps): ReactNode {
  const now = useNow();
  const read = useRead(["offers", versionId, nodes.join()], (client) => getOffers(client, { versionId, nodes }));
  return (
    <Async read={read} what="offers">
      {(offers) => {
        const ready = offers
          .filter((offer) => isReady(offer, now))
          .sort((a, b) => (a.callPrice < b.callPrice ? -1 : 1));
        return ready.length === 0 ? (
          <Empty>
            No node can take a session of this version now: their stake is in use, or their offers have run out.
          </Empty>
        ) : (
          <OpenForm versionId={versionId} offers={ready} />
        );
      }}
    </Async>
  );
}

interface FormProps {
  readonly versionId: string;
  /** The cheapest first. */
  readonly offers: readonly NodeOffer[];
}

function OpenForm({ versionId, offers }: FormProps): ReactNode {
  const [node, setNode] = useState("");
  const [deposit, setDeposit] = useState<bigint>();
  const [key, setKey] = useState<CallKey | undefined>({ kind: "wallet" });
  const [openedId, setOpenedId] = useState<string>();
  const offer = offers.find((one) => one.node === node) ?? offers[0];
  if (offer === undefined) return undefined;
  return (
    <ActionForm
      title="With which node, and what for"
      submit="Open session"
      disabled={key === undefined}
      done={openedId === undefined ? "Opened." : <Link href={to.session(openedId)}>Opened: to the session.</Link>}
      run={async (client) => {
        if (deposit === undefined || key === undefined) return;
        setOpenedId(await openHere(client, { versionId, offer, deposit, key }));
      }}
    >
      <SelectField
        label="Node"
        value={offer.node}
        onChange={setNode}
        options={offers.map((one) => ({ value: one.node, label: offerText(one) }))}
      />
      <OfferFacts offer={offer} />
      <AmountField
        label="Deposit"
        value={deposit}
        onChange={setDeposit}
        min={offer.callPrice > PRICE_UNIT ? offer.callPrice : PRICE_UNIT}
        step={PRICE_UNIT}
        hint="Out of your balance for sessions. What that lacks is deposited first: one signature, no approval. What is not spent comes back when the session is closed."
      />
      <CallKeyFields value={key} onChange={setKey} />
    </ActionForm>
  );
}
