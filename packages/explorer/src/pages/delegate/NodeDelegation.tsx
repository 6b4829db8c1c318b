import type { StakingTerms } from "@opg-protocol/sdk";
import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";

import { delegationsOfAccount } from "../../entities/nodeView.ts";
import { roomOf } from "../../entities/rooms.ts";
import type { NodeSummary } from "../../entities/stakes.ts";
import { useHistory } from "../../history/useHistory.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { useWallet } from "../../wallet/useWallet.ts";
import { CommissionText } from "../nodes/CommissionText.tsx";
import { useOnceTrue } from "../nodes/useOnceTrue.ts";
import { CancelUndelegate } from "./CancelUndelegate.tsx";
import { DelegateForm } from "./DelegateForm.tsx";
import { UndelegateForm } from "./UndelegateForm.tsx";
import { WithdrawDelegation } from "./WithdrawDelegation.tsx";

interface Props {
  readonly node: NodeSummary;
  readonly terms: StakingTerms;
}

/** What the user does with a node: delegate to it, and take out again. */
export function NodeDelegation({ node, terms }: Props): ReactNode {
  const { index } = useHistory();
  const { account } = useWallet();
  const { address } = node;
  const own = useMemo(
    () =>
      (account === undefined ? [] : delegationsOfAccount(index, account)).find((each) => each.node.address === address),
    [index, account, address],
  );
  const thaws = own?.thaws ?? [];
  const showsStake = useOnceTrue(own?.standing !== undefined);
  const showsThaws = useOnceTrue(thaws.length > 0);
  const room = roomOf(node, terms.delegationRatio);
  return (
    <Section
      title={
        <>
          Node <Hash value={address} to={to.node(address)} />
        </>
      }
    >
      <Facts
        items={[
          ["Commission", <CommissionText key="commission" node={node} />],
          ["Own stake", <Amount key="own" value={node.own} />],
          ["Delegated", <Amount key="delegated" value={node.delegated} />],
          ["Room", <Amount key="room" value={room} />],
          ["You have there", own?.standing && <Amount key="yours" value={own.standing.worth} />],
          [
            "Slashes",
            <Link key="slashes" href={to.node(address)}>
              <Amount value={node.slashed} />
            </Link>,
          ],
        ]}
      />
      <div className="columns">
        <DelegateForm node={node} terms={terms} room={room} />
        {showsStake && account !== undefined && (
          <UndelegateForm
            node={address}
            delegator={account}
            worth={own?.standing?.worth ?? 0n}
            thawPeriod={terms.thawPeriod}
          />
        )}
        {showsThaws && <CancelUndelegate node={address} thaws={thaws} />}
        {showsThaws && <WithdrawDelegation node={address} thaws={thaws} />}
      </div>
    </Section>
  );
}
