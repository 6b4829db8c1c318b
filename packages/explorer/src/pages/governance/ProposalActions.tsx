import { cancelProposal, castVote, executeProposal, type Proposal, queueProposal, VOTES } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import type { ProposalSummary } from "../../entities/proposals.ts";
import { sameId } from "../../entities/sameId.ts";
import { useNow } from "../../network/context.tsx";
import { useRead } from "../../network/useRead.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { SelectField } from "../../wallet/SelectField.tsx";
import { TextField } from "../../wallet/TextField.tsx";
import { useWallet } from "../../wallet/useWallet.ts";
import { useStanding } from "./useStanding.ts";

interface Props {
  readonly proposal: ProposalSummary;
}

/** What can be done with a proposal now. */
export function ProposalActions({ proposal }: Props): ReactNode {
  const { state } = useStanding(proposal);
  const { account } = useWallet();
  const executableAt = proposal.queued?.executableAt ?? 0;
  const isWaiting = useNow() < executableAt;
  // The SDK's proposals move no coins.
  const isOrdinary = proposal.calls.every(({ value }) => value === 0n);
  const asProposal: Proposal = { calls: proposal.calls, description: proposal.description };
  switch (state) {
    case "Pending":
      return sameId(proposal.proposer, account) && isOrdinary ? (
        <ActionForm
          title="Take your proposal back"
          submit="Cancel proposal"
          run={(client) => cancelProposal(client, asProposal)}
        />
      ) : (
        <p>
          <Clock label="The vote begins" until={proposal.voteStartsAt} />.
        </p>
      );
    case "Active":
      return <VoteForm proposal={proposal} />;
    case "Succeeded":
      return isOrdinary ? (
        <ActionForm
          title="Hand it to the timelock"
          submit="Queue"
          done="The proposal waits in the timelock now."
          run={(client) => queueProposal(client, asProposal)}
        >
          <p>Anyone may. It can be executed when the timelock’s delay is over.</p>
        </ActionForm>
      ) : (
        <WithCoins />
      );
    case "Queued":
      if (!isOrdinary) return <WithCoins />;
      return (
        <ActionForm
          title="Do what was voted for"
          submit="Execute"
          done="What was voted for is done."
          disabled={isWaiting}
          run={(client) => executeProposal(client, asProposal)}
        >
          <p>
            {isWaiting ? <Clock label="Anyone may" until={executableAt} /> : "Anyone may: the timelock’s delay is over"}
            .
          </p>
        </ActionForm>
      );
    case "Canceled":
    case "Defeated":
    case "Expired":
    case "Executed":
    case undefined:
      return <p>Nothing can be done with it.</p>;
  }
}

function WithCoins(): ReactNode {
  return <p>This proposal moves the chain’s coin. Use another tool to queue and execute it.</p>;
}

const OPTIONS = (Object.keys(VOTES) as (keyof typeof VOTES)[]).map((value) => ({ value, label: value }));

function VoteForm({ proposal }: Props): ReactNode {
  const { account } = useWallet();
  const [vote, setVote] = useState("");
  const [reason, setReason] = useState("");
  const chosen = OPTIONS.find(({ value }) => value === vote)?.value;
  const cast = proposal.votes.find(({ voter }) => sameId(voter, account));
  if (cast !== undefined) {
    return (
      <p>
        You have voted <strong>{cast.vote}</strong> with <Amount value={cast.weight} tx={cast.tx} />.
      </p>
    );
  }
  return (
    <ActionForm
      title="Vote"
      submit="Vote"
      done="Your vote is counted."
      disabled={chosen === undefined}
      run={(client) =>
        chosen === undefined
          ? Promise.resolve()
          : castVote(client, { proposalId: BigInt(proposal.id), vote: chosen, reason })
      }
    >
      {account !== undefined && <OwnWeight proposal={proposal} account={account} />}
      <SelectField label="Your vote" value={vote} onChange={setVote} options={OPTIONS} placeholder="Choose" />
      <TextField
        label="Reason (optional, public)"
        value={reason}
        onChange={setReason}
        rows={3}
        maxLength={2_000}
        required={false}
      />
    </ActionForm>
  );
}

function OwnWeight({ proposal, account }: Props & { readonly account: string }): ReactNode {
  const { voteStartsAt, id } = proposal;
  const weight = useRead(["weight", id, account], ({ governor }) => governor.getVotes(account, voteStartsAt), {
    once: true,
  });
  if (weight.data === undefined) return null;
  return (
    <p>
      You vote with <Amount value={weight.data} />, what was delegated to you when the vote began.
    </p>
  );
}
