import type { ReactNode } from "react";

import type { ProposalSummary, Vote } from "../../entities/proposals.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Bars, opgNumber } from "../../parts/charts/index.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Time } from "../../parts/Time.tsx";
import { useStanding } from "./useStanding.ts";

const TONES = { for: "good", against: "bad", abstain: "plain" } as const;

const COLUMNS: readonly Column<Vote>[] = [
  { key: "voter", title: "Voter", render: ({ voter }) => <AddressLink address={voter} /> },
  { key: "vote", title: "Vote", render: ({ vote }) => <Badge tone={TONES[vote]}>{vote}</Badge> },
  {
    key: "weight",
    title: "Votes",
    align: "end",
    render: ({ weight, tx }) => <Amount value={weight} tx={tx} />,
    sort: ({ weight }) => weight,
  },
  { key: "at", title: "When", render: ({ at, tx }) => <Time at={at} tx={tx} />, sort: ({ at }) => at },
  { key: "reason", title: "Reason", render: ({ reason }) => (reason === "" ? "–" : <ForeignText text={reason} />) },
];

/** The votes for and against a proposal, beside the quorum that it needs. */
export function Votes({ proposal }: { readonly proposal: ProposalSummary }): ReactNode {
  const { quorum } = useStanding(proposal);
  const { tally, votes } = proposal;
  const counted = tally.for + tally.abstain;
  return (
    <>
      <Facts
        items={[
          ["For", <Amount key="for" value={tally.for} />],
          ["Against", <Amount key="against" value={tally.against} />],
          ["Abstain", <Amount key="abstain" value={tally.abstain} />],
          [
            "Quorum (for and abstain)",
            quorum === undefined ? (
              "counted when the vote begins"
            ) : (
              <>
                <Amount value={quorum} />{" "}
                {counted >= quorum ? <Badge tone="good">reached</Badge> : <Badge>not reached</Badge>}
              </>
            ),
          ],
        ]}
      />
      {votes.length > 0 && (
        <Bars
          title="Votes"
          unit="OPG"
          items={[
            { label: "For", value: opgNumber(tally.for), tone: "good" },
            { label: "Against", value: opgNumber(tally.against), tone: "bad" },
            { label: "Abstain", value: opgNumber(tally.abstain), tone: "plain" },
            ...(quorum === undefined ? [] : [{ label: "Quorum", value: opgNumber(quorum), tone: "wait" as const }]),
          ]}
        />
      )}
      <DataTable
        caption="Votes cast"
        columns={COLUMNS}
        rows={votes}
        rowKey={({ voter, tx }) => `${voter} ${tx}`}
        empty="Nobody has voted yet."
      />
    </>
  );
}
