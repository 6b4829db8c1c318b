import { OptimisticState } from "@opg-protocol/sdk";

import type { EventIndex, TimedEvent, TimedEventNamed } from "../history/EventIndex.ts";
import { happened } from "./jobRounds.ts";
import type { JobTrack } from "./jobTracks.ts";
import { type MoneyFlow, party, takenFrom } from "./moneyFlow.ts";

/** Flows of a job that one node answers, or a second one after it. */
export function closingFlows(index: EventIndex, track: JobTrack): readonly MoneyFlow[] {
  const { job } = track.order.terms;
  const reopened = track.events.find((event) => event.name === "JobReopened");
  return track.events.flatMap((event): readonly MoneyFlow[] => {
    const place = { ...happened(event), from: party("escrow") };
    switch (event.name) {
      case "SeatSlashed":
        return takingFlows(index, track, event);
      case "AuditClosed":
        return [
          { ...place, to: party("node", event.args.auditor), amount: event.args.pay, what: "Pay of the auditor" },
          { ...place, to: party("treasury"), amount: event.args.fee, what: "Fee of the audit" },
        ];
      case "JobReopened":
        return [{ ...place, to: party("requester", job.requester), amount: event.args.refund, what: "Refund" }];
      case "JobClosed":
        return endFlows(track, event, reopened);
      default:
        return [];
    }
  });
}

/** What was taken from a seat: all that follows its slash in the transaction, up to the next one, says where it went. */
function takingFlows(index: EventIndex, track: JobTrack, slash: TimedEventNamed<"SeatSlashed">): readonly MoneyFlow[] {
  const { node, jobId } = slash.args;
  const beside = index
    .inTransaction(slash.transactionHash)
    .filter((event) => event.logIndex > slash.logIndex && "jobId" in event.args && event.args.jobId === jobId);
  const amends = beside.find((event) => isAmends(event) && event.args.node === node);
  const lie = amends?.name === "LiePaid" ? amends.args : undefined;
  const compensation = amends !== undefined && isAmends(amends) ? amends.args.compensation : 0n;
  const reopening = beside.find((event) => event.name === "JobReopened" && event.args.failed === node);
  const prize = reopening?.name === "JobReopened" ? reopening.args.prize : 0n;
  const { share = 0n, challengers = [] } = lie ?? {};
  const burned = takenFrom(index, slash).all - compensation - prize - share * BigInt(challengers.length);
  const place = { ...happened(slash), from: party("stake", node) };
  const { requester } = track.order.terms.job;
  return [
    { ...place, to: party("requester", requester), amount: compensation, what: "Amends" },
    { ...place, to: party("prize"), amount: prize, what: "Prize for a second node" },
    ...challengers.map((challenger) => ({
      ...place,
      to: party("challenger", challenger),
      amount: share,
      what: "Reward for proving a lie",
    })),
    { ...place, to: party("burned"), amount: burned, what: "Collateral taken, burned" },
  ];
}

const isAmends = (event: TimedEvent): event is TimedEventNamed<"LiePaid" | "AbsencePaid"> =>
  event.name === "LiePaid" || event.name === "AbsencePaid";

/** The first attempt is paid out of the escrow; a second one has the prize, or nobody has. */
function endFlows(
  { order }: JobTrack,
  closed: TimedEventNamed<"JobClosed">,
  reopened: TimedEventNamed<"JobReopened"> | undefined,
): readonly MoneyFlow[] {
  const { node, refund, fee, royalty, pay, state } = closed.args;
  const place = happened(closed);
  if (reopened !== undefined) {
    const isPaid = Number(state) === OptimisticState.Answered;
    const to = isPaid ? party("node", node) : party("burned");
    const what = isPaid ? "Prize" : "Prize that nobody earned, burned";
    return [{ ...place, from: party("prize"), to, amount: isPaid ? pay : reopened.args.prize, what }];
  }
  const { job } = order.terms;
  const from = party("escrow");
  return [
    { ...place, from, to: party("node", node), amount: pay, what: "Pay" },
    { ...place, from, to: party("treasury"), amount: fee, what: "Fee" },
    { ...place, from, to: party("modelOwner", job.royaltyPayee), amount: royalty, what: "Royalty" },
    { ...place, from, to: party("requester", job.requester), amount: refund, what: "Refund" },
  ];
}
