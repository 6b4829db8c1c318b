import { type Job, JobState } from "@opg-protocol/sdk";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import { happened, type JobRound, type JobSeat } from "./jobRounds.ts";
import type { JobTrack } from "./jobTracks.ts";
import { type MoneyFlow, party, takenFrom } from "./moneyFlow.ts";

type Settled = TimedEventNamed<"JobSettled">;

const APPEAL = 2;
const AUDIT = 1;

/** Flows of a job that several nodes answered: all happen where it is settled. */
export function settlingFlows(
  index: EventIndex,
  { events }: JobTrack,
  rounds: readonly JobRound[],
  job: Job,
): readonly MoneyFlow[] {
  const settled = events.find((event) => event.name === "JobSettled");
  if (settled === undefined) return [];
  const slashes = events.filter((event) => event.name === "SeatSlashed");
  const lies = events.filter((event) => event.name === "LiePaid");
  const slashed = slashes.map(({ args }) => args.node);
  const right = rightSeats(rounds, settled, new Set(slashed));
  const takings = slashes.map((slash) => takingFlows(index, slash, lies));
  const fund = takings.reduce((sum, { fund }) => sum + fund, 0n);
  return [
    ...payFlows(right, settled, job),
    ...takings.flatMap(({ flows }) => flows),
    ...dividedFlows(right, settled, job, fund),
  ];
}

/** Who is right: states the result; where there is none, whoever has revealed and lost nothing by it. */
function rightSeats(rounds: readonly JobRound[], settled: Settled, slashed: ReadonlySet<string>): readonly JobSeat[] {
  const result = BigInt(settled.args.outputRoot) === 0n ? undefined : settled.args.outputRoot;
  return rounds
    .flatMap(({ seats }) => seats)
    .filter(({ node, outputRoot }) => outputRoot !== undefined && !slashed.has(node))
    .filter(({ outputRoot }) => result === undefined || outputRoot === result);
}

/** What right seats earned out of the escrow. */
function payFlows(right: readonly JobSeat[], settled: Settled, job: Job): readonly MoneyFlow[] {
  const { pay, state } = settled.args;
  if (pay === 0n) return [];
  const place = { ...happened(settled), from: party("escrow") };
  const isDecided = Number(state) === JobState.Decided;
  const paid = right.filter(({ attempt }) => !(isDecided && attempt === APPEAL));
  // An auditor has the whole price, whatever the first draw earns.
  const isAgreement = Number(state) === JobState.Agreed || Number(state) === JobState.Refused;
  const auditors = isAgreement ? paid.filter(({ attempt }) => attempt === AUDIT) : [];
  const others = paid.filter((seat) => !auditors.includes(seat));
  const rest = pay - BigInt(auditors.length) * job.seatPrice;
  if (others.length === 0 || rest < 0n || rest % BigInt(others.length) !== 0n) {
    return [{ ...place, to: party("node"), amount: pay, what: "Pay of all right seats" }];
  }
  const each = rest / BigInt(others.length);
  return [
    ...others.map(({ node }) => ({ ...place, to: party("node", node), amount: each, what: "Pay" })),
    ...auditors.map(({ node }) => ({ ...place, to: party("node", node), amount: job.seatPrice, what: "Audit" })),
  ];
}

/** What was taken from a seat, and what of it is divided with the refund. */
function takingFlows(
  index: EventIndex,
  slash: TimedEventNamed<"SeatSlashed">,
  lies: readonly TimedEventNamed<"LiePaid">[],
): { readonly flows: readonly MoneyFlow[]; readonly fund: bigint } {
  const { node } = slash.args;
  const place = { ...happened(slash), from: party("stake", node) };
  const taken = takenFrom(index, slash);
  const lie = lies.find(({ args }) => args.node === node);
  const fund = lie === undefined ? taken.kept : lie.args.compensation;
  const share = lie?.args.share ?? 0n;
  const challengers = lie?.args.challengers ?? [];
  const burned = taken.all - fund - share * BigInt(challengers.length);
  const flows = [
    { ...place, to: party("slashed"), amount: fund, what: "Collateral taken, for those it harmed" },
    ...challengers.map((challenger) => ({
      ...place,
      to: party("challenger", challenger),
      amount: share,
      what: "Reward for proving a lie",
    })),
    { ...place, to: party("burned"), amount: burned, what: "Collateral taken, burned" },
  ];
  return { flows, fund };
}

/** Shares, refund, fee and royalty. What slashes brought beyond shares is a part of the refund. */
function dividedFlows(right: readonly JobSeat[], settled: Settled, job: Job, fund: bigint): readonly MoneyFlow[] {
  const { share, refund, fee, royalty, state } = settled.args;
  const place = happened(settled);
  const hasAppeal = right.some(({ attempt }) => attempt === APPEAL);
  const sharing = Number(state) === JobState.Decided && hasAppeal ? APPEAL : 0;
  const sharers = share === 0n ? [] : right.filter(({ attempt }) => attempt === sharing);
  const amends = fund - share * BigInt(sharers.length);
  const requester = party("requester", job.requester);
  return [
    ...sharers.map(({ node }) => ({
      ...place,
      from: party("slashed"),
      to: party("node", node),
      amount: share,
      what: "Share of what others lost",
    })),
    { ...place, from: party("slashed"), to: requester, amount: amends, what: "Amends" },
    { ...place, from: party("escrow"), to: requester, amount: refund - amends, what: "Refund" },
    { ...place, from: party("escrow"), to: party("treasury"), amount: fee, what: "Fee" },
    { ...place, from: party("escrow"), to: party("modelOwner", job.royaltyPayee), amount: royalty, what: "Royalty" },
  ];
}
