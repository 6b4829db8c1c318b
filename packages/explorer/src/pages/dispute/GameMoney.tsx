import { DisputeState } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import type { Dispute, DisputeEnding } from "../../entities/disputes.ts";
import type { LiePayment } from "../../entities/liePayments.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { opgNumber, Shares } from "../../parts/charts/index.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Time } from "../../parts/Time.tsx";

/** The bond, where it went, and what the lie has cost. */
export function GameMoney({ dispute }: { readonly dispute: Dispute }): ReactNode {
  const { game, ending, payment, sharers } = dispute;
  return (
    <>
      <h3>The bond</h3>
      {ending === undefined ? (
        <p>
          <Amount value={game.bond} /> of the challenger&apos;s are held until the game is over.
        </p>
      ) : (
        <BondEnding ending={ending} bond={game.bond} />
      )}
      {(payment !== undefined || ending?.state === DisputeState.NodeLost) && <h3>The node&apos;s stake</h3>}
      {payment !== undefined && <Payment payment={payment} />}
      {payment === undefined && ending?.state === DisputeState.NodeLost && (
        <p>The node has not paid yet. Anyone can settle the job once it is known who shares the reward.</p>
      )}
      {sharers.length > 0 && (
        <ul>
          {sharers.map(({ challenger, rank, tx }) => (
            <li key={tx}>
              <AddressLink address={challenger} /> found the same and shares the reward, with rank{" "}
              {rank.toLocaleString("en")}.
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function BondEnding({ ending, bond }: { readonly ending: DisputeEnding; readonly bond: bigint }): ReactNode {
  const { payee, paid, burned, at, tx } = ending;
  return (
    <Facts
      items={[
        ["Laid down", <Amount key="" value={bond} />],
        [
          "Paid",
          <span key="">
            <Amount value={paid} tx={tx} /> to <AddressLink address={payee} />
          </span>,
        ],
        ["Burned", <Amount key="" value={burned} tx={tx} />],
        ["On", <Time key="" at={at} />],
      ]}
    />
  );
}

function Payment({ payment }: { readonly payment: LiePayment }): ReactNode {
  const { slashed, refund, compensation, prize, challengers, share, burned, at, tx } = payment;
  const parts = [
    { label: "Requester", value: compensation },
    { label: "For a second node", value: prize },
    { label: challengers.length === 1 ? "Challenger" : "Challengers", value: share * BigInt(challengers.length) },
    { label: "Burned", value: burned },
  ].filter(({ value }) => value > 0n);
  return (
    <>
      <Facts
        items={[
          ["The node lost", <Amount key="" value={slashed} tx={tx} />],
          ["Requester, from the stake", <Amount key="" value={compensation} tx={tx} />],
          ["Requester, its own money back", <Amount key="" value={refund} tx={tx} />],
          ["Kept for a second node", <Amount key="" value={prize} tx={tx} />],
          [
            challengers.length === 1 ? "Challenger" : "Each challenger",
            <span key="">
              <Amount value={share} tx={tx} />
              {challengers.map((challenger) => (
                <span key={challenger}>
                  {" "}
                  <AddressLink address={challenger} />
                </span>
              ))}
            </span>,
          ],
          ["Burned", <Amount key="" value={burned} tx={tx} />],
          ["On", <Time key="" at={at} />],
        ]}
      />
      {parts.length > 1 && (
        <Shares
          title="Where the node's stake went"
          items={parts.map(({ label, value }) => ({ label, value: opgNumber(value) }))}
          unit="OPG"
        />
      )}
    </>
  );
}
