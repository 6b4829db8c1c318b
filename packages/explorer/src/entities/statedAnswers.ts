/** What nodes have stated, by the id that disputes know it under. */
import { statementId } from "@opg-protocol/sdk";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";

/** What a statement is about: a job, or a call in a session. */
export interface StatementSubject {
  readonly kind: "job" | "session";
  /** Id of the job or session. */
  readonly id: string;
}

/** An answer that a node has stated. */
export interface StatedAnswer {
  readonly statementId: string;
  readonly subject: StatementSubject;
  /** The round in which it was made; a receipt is made in none. */
  readonly roundId: string | undefined;
  /** Undefined where its order is not known. */
  readonly versionId: string | undefined;
  /** Block of its order; undefined where that is not known. */
  readonly orderBlock: number | undefined;
  readonly node: string;
  readonly outputRoot: string;
  /** Until when it can be disputed, unix seconds, exclusive; undefined where no event tells. */
  readonly disputableUntil: number | undefined;
  /** Unix seconds. */
  readonly at: number;
  readonly tx: string;
}

/** All that was stated about a job, oldest first. */
export function statedOn(index: EventIndex, jobId: string): readonly StatedAnswer[] {
  const events = index.about(jobId);
  const stated: StatedAnswer[] = [];
  for (const event of events) {
    if (event.name === "JobAnswered") stated.push(answered(index, event));
    else if (event.name === "RoundOpened")
      for (const each of index.about(event.args.roundId)) {
        if (each.name === "ResultRevealed") stated.push(revealed(index, each, event.args.jobId));
      }
  }
  return stated;
}

/** What some nodes have stated, by the id of the statement. */
export function statementsOf(index: EventIndex, nodes: ReadonlySet<string>): ReadonlyMap<string, StatedAnswer> {
  const stated = new Map<string, StatedAnswer>();
  for (const event of index.named("JobAnswered", "ResultRevealed", "ReceiptShown")) {
    if (!nodes.has(event.args.node)) continue;
    const answer = statedIn(index, event);
    stated.set(answer.statementId, answer);
  }
  return stated;
}

type StatingEvent = TimedEventNamed<"JobAnswered" | "ResultRevealed" | "ReceiptShown">;

function statedIn(index: EventIndex, event: StatingEvent): StatedAnswer {
  switch (event.name) {
    case "JobAnswered":
      return answered(index, event);
    case "ResultRevealed":
      return revealed(index, event, jobOfRound(index, event.args.roundId));
    case "ReceiptShown":
      return shown(event);
  }
}

function answered(index: EventIndex, event: TimedEventNamed<"JobAnswered">): StatedAnswer {
  const { jobId, roundId, node, outputRoot, disputableUntil } = event.args;
  return {
    statementId: statementId(roundId, node, outputRoot),
    subject: { kind: "job", id: jobId },
    roundId,
    ...ordered(index, jobId),
    node,
    outputRoot,
    disputableUntil: Number(disputableUntil),
    ...placeOf(event),
  };
}

function revealed(index: EventIndex, event: TimedEventNamed<"ResultRevealed">, jobId: string): StatedAnswer {
  const { roundId, node, outputRoot } = event.args;
  return {
    statementId: statementId(roundId, node, outputRoot),
    subject: { kind: "job", id: jobId },
    roundId,
    ...ordered(index, jobId),
    node,
    outputRoot,
    disputableUntil: undefined,
    ...placeOf(event),
  };
}

function shown(event: TimedEventNamed<"ReceiptShown">): StatedAnswer {
  const { sessionId, statementId: id, node, receipt, disputableUntil } = event.args;
  return {
    statementId: id,
    subject: { kind: "session", id: sessionId },
    roundId: undefined,
    versionId: receipt.versionId,
    orderBlock: undefined,
    node,
    outputRoot: receipt.outputRoot,
    disputableUntil: Number(disputableUntil),
    ...placeOf(event),
  };
}

const placeOf = ({ timestamp, transactionHash }: StatingEvent) => ({
  at: timestamp,
  tx: transactionHash,
});

/** The job of a round; the round's own id where the event that opened it is missing. */
function jobOfRound(index: EventIndex, roundId: string): string {
  const opened = index.about(roundId).find((event) => event.name === "RoundOpened");
  return opened?.args.jobId ?? roundId;
}

function ordered(index: EventIndex, jobId: string): Pick<StatedAnswer, "versionId" | "orderBlock"> {
  const order = index.about(jobId).find((event) => event.name === "JobOffered" || event.name === "JobRequested");
  return { versionId: order?.args.versionId, orderBlock: order?.blockNumber };
}
