import { JobState, RevealFault, statementId } from "@opg-protocol/sdk";

import type { EventIndex, TimedEvent, TimedEventNamed } from "../history/EventIndex.ts";
import type { JobRound, JobStatement } from "./jobRounds.ts";
import { isFinalName, STATE_TEXT, stateOf, stateTone } from "./jobStates.ts";
import { byTime, type JobEvent, type JobTrack } from "./jobTracks.ts";
import { takenFrom } from "./moneyFlow.ts";
import { isOfDispute, tellDispute } from "./timelineDisputes.ts";
import type { TimelineEntry, Told } from "./timelineEntry.ts";

export type { TimelineEntry } from "./timelineEntry.ts";

function entry(event: TimedEvent, told: Told): TimelineEntry {
  const { timestamp: at, transactionHash: tx, logIndex, blockNumber } = event;
  const blank = { tone: "plain", who: [], note: undefined, amount: undefined, outputRoot: undefined } as const;
  return { key: `${blockNumber}-${logIndex}`, at, tx, disputeId: undefined, ...blank, ...told };
}

/** What timelines are made of. */
export interface TimelineSource {
  readonly track: JobTrack;
  readonly rounds: readonly JobRound[];
  readonly statements: readonly JobStatement[];
}

/** All that happened to a job from its order on, oldest first. */
export function timelineOf(index: EventIndex, source: TimelineSource): readonly TimelineEntry[] {
  const { track, rounds, statements } = source;
  const ordered = index.inTransaction(track.order.tx).find((event) => isOrderOf(event, track.order.id));
  const disputes = statements.flatMap(({ roundId, node, outputRoot }) =>
    index.about(statementId(roundId, node, outputRoot)),
  );
  const told = [...track.events, ...disputes.filter(isOfDispute)].toSorted(byTime).flatMap((event) => {
    const known = isOfDispute(event) ? tellDispute(event) : tellJob(event, { index, track, rounds });
    return known === undefined ? [] : [entry(event, known)];
  });
  return ordered === undefined ? told : [entry(ordered, tellOrder(track)), ...told];
}

const isOrderOf = (event: TimedEvent, id: string): boolean =>
  (event.name === "JobRequested" || event.name === "JobOffered") && event.args.jobId === id;

function tellOrder({ order }: JobTrack): Told {
  const { terms, escrow } = order;
  const note =
    terms.market === "market"
      ? `At least ${terms.job.quorum} drawn nodes are to answer.`
      : BigInt(terms.job.node) === 0n
        ? "Any node can reserve it."
        : "One named node is to answer.";
  return { title: "Ordered", who: [terms.job.requester], amount: escrow, note };
}

const DRAWS = ["", "Audit: ", "Appeal: "] as const;
const FAULTS: Readonly<Record<number, string>> = {
  [RevealFault.NothingSealed]: "It had sealed nothing, or had revealed already.",
  [RevealFault.ZeroReveal]: "It gave no output or no salt.",
  [RevealFault.Mismatch]: "What it showed is not what it had sealed.",
};

interface Context extends Pick<TimelineSource, "track" | "rounds"> {
  readonly index: EventIndex;
}

function tellJob(event: JobEvent, context: Context): Told | undefined {
  const { track, rounds } = context;
  const prefix = "roundId" in event.args ? drawOf(rounds, event.args.roundId, track) : "";
  switch (event.name) {
    case "SeedRecorded":
      return { title: "Drawn", note: "The seed is known. It says which nodes may seal." };
    case "SeedBlockFixed":
      return {
        title: "Block of the next seed fixed",
        note: `Block ${event.args.seedBlock}, since not all have revealed.`,
      };
    case "DrawStarted":
      return tellDraw(Number(event.args.state));
    case "RoundOpened":
      return tellOpening(event.args.roundId, rounds);
    case "ResultSealed":
      return isInPack(event, rounds) ? undefined : { title: `${prefix}Sealed`, who: [event.args.node] };
    case "RoundUnpacked":
      return { title: `${prefix}Seals unpacked`, note: "Each seal has an entry of its own from now on." };
    case "ResultRevealed":
      return { title: `${prefix}Revealed`, who: [event.args.node], outputRoot: event.args.outputRoot };
    case "RevealSkipped":
      return { title: `${prefix}Reveal left out`, who: [event.args.node], note: FAULTS[Number(event.args.fault)] };
    case "JobReserved":
      return { title: "Reserved", who: [event.args.node], amount: event.args.price, note: "For this price." };
    case "JobAnswered":
      return tellAnswer(event);
    case "JobReopened":
      return tellReopening(event);
    case "JobSettled":
    case "JobClosed":
      return tellEnd(event, context);
    default:
      return tellMoney(event, context);
  }
}

function tellAnswer({ args }: TimedEventNamed<"JobAnswered">): Told {
  const { node, outputRoot, attempt } = args;
  const title = attempt > 0n ? "Answered by a second node" : "Answered";
  return { title, who: [node], outputRoot, note: "From now on the answer can be disputed." };
}

function tellReopening({ args }: TimedEventNamed<"JobReopened">): Told {
  const { failed, prize } = args;
  return {
    title: "Open for a second node",
    tone: "bad",
    who: [failed],
    amount: prize,
    note: "This prize waits for it.",
  };
}

function tellSlash({ args }: TimedEventNamed<"SeatSlashed">, taken: bigint): Told {
  const note = taken < args.amount ? "It was to lose more, and had no more." : undefined;
  return { title: "Collateral taken", tone: "bad", who: [args.node], amount: taken, note };
}

/** What is about money, or about the callback. */
function tellMoney(event: JobEvent, { index, track }: Context): Told | undefined {
  switch (event.name) {
    case "SeatSlashed":
      return tellSlash(event, takenFrom(index, event).all);
    case "LiePaid":
      return {
        title: "False answer paid for",
        who: event.args.challengers,
        amount: event.args.compensation,
        note: "To the requester, or to seats that share with it; challengers have their shares besides.",
      };
    case "AbsencePaid":
      return { title: "Requester compensated", who: [event.args.node], amount: event.args.compensation };
    case "AuditClosed":
      return { title: "Auditor paid", tone: "good", who: [event.args.auditor], amount: event.args.pay };
    case "ResultDelivered":
      return { title: "Delivered", tone: "good", who: [event.args.deliverer], note: "The callback took the result." };
    case "DeliveryFailed":
      return { title: "Delivery failed", tone: "bad", who: [event.args.deliverer], note: "Anybody can try again." };
    case "TipReclaimed":
      return { title: "Tip given back", who: [track.order.terms.job.requester], amount: event.args.amount };
    default:
      return undefined;
  }
}

function tellDraw(state: number): Told {
  return state === JobState.Audit
    ? { title: "Audit begins", note: STATE_TEXT.Audit }
    : { title: "Appeal begins", tone: "bad", note: STATE_TEXT.Appeal };
}

/** Seals that came together are one entry; others tell of themselves. */
function tellOpening(roundId: string, rounds: readonly JobRound[]): Told | undefined {
  const found = rounds.find((each) => each.roundId === roundId);
  if (found?.isPacked !== true) return undefined;
  const packed = found.seats.filter((seat) => seat.isPacked);
  const note = "The seals came in one call. Storage keeps one hash of all of them.";
  return { title: `${packed.length} nodes sealed together`, who: packed.map(({ node }) => node), note };
}

const isInPack = ({ args }: TimedEventNamed<"ResultSealed">, rounds: readonly JobRound[]): boolean =>
  rounds.some(
    ({ roundId, seats }) =>
      roundId === args.roundId && seats.some(({ node, isPacked }) => isPacked && node === args.node),
  );

/** In which draw something happened, where that is not the first. */
function drawOf(rounds: readonly JobRound[], roundId: string, { order }: JobTrack): string {
  if (order.terms.market === "optimistic") return "";
  return DRAWS[rounds.find((each) => each.roundId === roundId)?.attempt ?? 0] ?? "";
}

function tellEnd(event: TimedEventNamed<"JobSettled" | "JobClosed">, { track, rounds }: Context): Told {
  const state = stateOf(track);
  const shown = rounds.flatMap(({ seats }) => seats.filter(({ isShown }) => isShown));
  const together = shown.length === 0 ? "" : ` ${shown.length} nodes showed the same output together, and it ended so.`;
  const { outputRoot } = event.args;
  return {
    title: isFinalName(state) ? `Final: ${state}` : "Settled",
    tone: stateTone(state),
    who: shown.map(({ node }) => node),
    note: `${STATE_TEXT[state]}${together}`,
    outputRoot: BigInt(outputRoot) === 0n ? undefined : outputRoot,
  };
}
