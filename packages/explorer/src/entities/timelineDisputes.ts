import { DisputeState } from "@opg-protocol/sdk";

import type { TimedEvent, TimedEventNamed } from "../history/EventIndex.ts";
import { shortHash } from "../parts/format.ts";
import type { Told } from "./timelineEntry.ts";

/** An event of a dispute that a timeline tells of. */
export type DisputeEvent = TimedEventNamed<"Challenged" | "WordsDemanded" | "SharerEntered" | "DisputeEnded">;

const DISPUTES: ReadonlySet<string> = new Set(["Challenged", "WordsDemanded", "SharerEntered", "DisputeEnded"]);
/** Whether a timeline tells of an event as one of a dispute. */
export const isOfDispute = (event: TimedEvent): event is DisputeEvent => DISPUTES.has(event.name);

const ENDINGS: Readonly<Record<number, Told>> = {
  [DisputeState.NodeLost]: { title: "Dispute: the node has lost", tone: "bad", note: "What it stated is false." },
  [DisputeState.ChallengerLost]: { title: "Dispute: the challenger has lost", note: "It lost its bond." },
  [DisputeState.Moot]: { title: "Dispute closed", note: "Another dispute has found the statement false." },
  [DisputeState.Supplied]: { title: "Demanded words were published" },
  [DisputeState.Withheld]: { title: "Demanded words were withheld", tone: "bad", note: "So the statement is false." },
  [DisputeState.Refuted]: { title: "Statement refuted", tone: "bad", note: "The error that the node states is none." },
};

/** What a dispute has to do with a job. */
export function tellDispute(event: DisputeEvent): Told {
  switch (event.name) {
    case "Challenged": {
      const { challenger, bond } = event.args.game;
      const note = `Against what ${shortHash(event.args.node)} has stated, with this bond.`;
      return { title: "Challenged", tone: "bad", who: [challenger], amount: bond, note, disputeId: event.args.gameId };
    }
    case "WordsDemanded": {
      const { payer, price } = event.args.demand;
      return {
        title: "Words demanded",
        who: [payer],
        amount: price,
        note: "The node must publish data of its answer.",
      };
    }
    case "SharerEntered":
      return { title: "One more challenger was right", who: [event.args.challenger] };
    case "DisputeEnded":
      return { ...(ENDINGS[Number(event.args.state)] ?? { title: "Dispute ended" }), who: [event.args.payee] };
  }
}
