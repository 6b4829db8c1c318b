/** Words of inputs and outputs that somebody has paid for. */
import { type Demand, DisputeState } from "@opg-protocol/sdk";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import { stateIn } from "./disputes.ts";

/** A demand, and what has become of it. */
export interface DemandView {
  readonly demandId: string;
  readonly demand: Demand;
  readonly state: DisputeState;
  /** Unix seconds. */
  readonly at: number;
  readonly tx: string;
  /** When and where it ended; undefined as long as it has not. */
  readonly ended: { readonly at: number; readonly tx: string } | undefined;
}

/** All demands, newest first. */
export function demandsOf(index: EventIndex): readonly DemandView[] {
  return index
    .named("WordsDemanded")
    .map((demanded) => demandFrom(index, demanded))
    .toReversed();
}

function demandFrom(index: EventIndex, demanded: TimedEventNamed<"WordsDemanded">): DemandView {
  const { demandId, demand } = demanded.args;
  const events = index.about(demandId);
  const ended = events.find((event) => event.name === "DisputeEnded");
  return {
    demandId,
    demand,
    state: ended === undefined ? DisputeState.Demanded : stateIn(ended.args.state),
    at: demanded.timestamp,
    tx: demanded.transactionHash,
    ended: ended && { at: ended.timestamp, tx: ended.transactionHash },
  };
}
