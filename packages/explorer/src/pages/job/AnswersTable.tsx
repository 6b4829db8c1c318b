import { faultOf, PayloadError, statementId } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { decisionOf } from "../../entities/disputes.ts";
import type { Happened } from "../../entities/jobRounds.ts";
import type { JobView } from "../../entities/jobs.ts";
import { useHistory } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";

interface Answer {
  readonly key: string;
  readonly node: string;
  readonly roundId: string;
  readonly part: string;
  /** Undefined where an answer needs no seal. */
  readonly sealed: Happened | undefined;
  readonly revealed: Happened | undefined;
  readonly outputRoot: string | undefined;
  readonly note: string;
}

const DRAWS = ["First draw", "Audit", "Appeal"] as const;
const FAULTS: Readonly<Record<number, string>> = {
  [PayloadError.InputMissing]: "Error: the input is not what the order commits to",
  [PayloadError.InputMalformed]: "Error: the input does not fit the model",
  [PayloadError.RefusedByModel]: "Error: the model does not run on this input",
};

/** Who has answered, and what. */
export function AnswersTable({ view }: { readonly view: JobView }): ReactNode {
  const { summary } = view;
  const columns: readonly Column<Answer>[] = [
    { key: "node", title: "Node", render: ({ node }) => <AddressLink address={node} /> },
    { key: "part", title: "Part", render: ({ part }) => part, sort: ({ part }) => part },
    { key: "sealed", title: "Sealed", render: ({ sealed }) => <When at={sealed} /> },
    { key: "revealed", title: "Stated", render: ({ revealed }) => <When at={revealed} /> },
    { key: "output", title: "Output", render: (answer) => <Output view={view} answer={answer} /> },
    { key: "note", title: "Remark", render: ({ note }) => note },
  ];
  return (
    <DataTable
      caption="Answers of nodes"
      columns={columns}
      rows={answersIn(view)}
      rowKey={({ key }) => key}
      empty={summary.isFinal ? "Nobody has answered." : "Nobody has answered yet."}
    />
  );
}

function answersIn({ rounds, answers, order, summary }: JobView): readonly Answer[] {
  const isReplicated = order.terms.market === "market";
  const sealed = rounds.flatMap(({ seats, attempt }) =>
    seats.map((seat, position): Answer => {
      const part = isReplicated ? (DRAWS[attempt] ?? "") : position === 0 ? "Answer" : "Second seal: the auditor";
      const note = seat.isShown
        ? "Shown together with all others"
        : seat.revealed === undefined && summary.isFinal
          ? "Never shown"
          : seat.isPacked
            ? "Sealed together with others"
            : "";
      return { ...seat, key: `${seat.roundId} ${seat.node}`, part, note };
    }),
  );
  const direct = answers.map(({ node, outputRoot, roundId, attempt, at, tx }): Answer => {
    const part = attempt === 0 ? "Answer" : "Answer of a second node";
    return { key: roundId, roundId, node, part, sealed: undefined, revealed: { at, tx }, outputRoot, note: "" };
  });
  return [...sealed, ...direct];
}

function When({ at }: { readonly at: Happened | undefined }): ReactNode {
  return at === undefined ? "–" : <Time at={at.at} tx={at.tx} />;
}

interface OutputProps {
  readonly view: JobView;
  readonly answer: Answer;
}

function Output({ view: { summary }, answer: { node, roundId, outputRoot: root } }: OutputProps): ReactNode {
  const { index } = useHistory();
  if (root === undefined) return "–";
  const { outputRoot, id } = summary;
  const isFalse = decisionOf(index, statementId(roundId, node, root)) !== undefined;
  return (
    <>
      {FAULTS[faultOf(root)] ?? <Hash value={root} to={to.result(id)} />}{" "}
      {isFalse ? (
        <Badge tone="bad">proven false</Badge>
      ) : root === outputRoot ? (
        <Badge tone="good">the result</Badge>
      ) : (
        outputRoot !== undefined && <Badge tone="bad">not the result</Badge>
      )}
    </>
  );
}
