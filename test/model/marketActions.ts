import { hexlify, id, toBeHex, ZeroHash } from "ethers";

import {
  type PackedReveal,
  type PackedSeal,
  type RevealFault,
  sealDigest,
  signedSeal,
} from "../../packages/sdk/src/codecs/commitment.ts";
import { packOrder, type PackedJob } from "../../packages/sdk/src/codecs/job.ts";
import type { Action, Actions } from "./actions.ts";
import type { JobModel } from "./JobModel.ts";
import type { AuthoredSeal } from "./MarketModel.ts";
import { inputOf } from "./orders/SchedulesModel.ts";
import { Refusal } from "./Refusal.ts";
import type { BroughtReveal, BroughtSeal, Calls, Kind } from "./steps.ts";
import { ERRORS, type View, type Views } from "./views.ts";
import { OUTPUTS, rootOf, saltOf, sign, type World } from "./World.ts";

type MarketKind = Extract<
  Kind,
  | "request"
  | "cancel"
  | "commit"
  | "commitSigned"
  | "advance"
  | "settle"
  | "expire"
  | "revealAndSettle"
  | "deliver"
  | "reclaimTip"
  | "serve"
  | "unserve"
  | "refreshServing"
  | "reveal"
  | "revealMany"
  | "unpack"
  | "sealMany"
  | "revealPackedAndSettle"
  | "relayReveals"
  | "donate"
  | "setRefuses"
>;

const contract = "market" as const;

const packed = (job: PackedJob) => [
  job.versionId,
  job.inputRoot,
  job.requester,
  job.callback,
  job.royalty,
  job.shape,
  job.rules,
];

/** What the end of a job can change. */
function ended(views: Views, job: JobModel): View[] {
  const { requester, royaltyPayee, versionId } = job.terms;
  return [
    views.job(job),
    views.account(requester),
    views.account(royaltyPayee),
    ...job.seats.map((node) => views.serving(node, versionId)),
    ...job.seats.flatMap((node) => views.node(node).slice(0, 2)),
    ...views.holdings(),
    views.supply(),
  ];
}

const withSeats = (method: "settle" | "expire"): Action<Calls["settle"]> => ({
  contract,
  method,
  args: (world, c) => [packed(world.job(c.job).packed), world.seats(world.job(c.job), c.fault)],
  run: (world, c, from) => {
    world.market[method](from, world.job(c.job), world.seats(world.job(c.job), c.fault));
  },
  touched: (views, world, c) => ended(views, world.job(c.job)),
});

/** Where somebody brings what nodes have signed. */
const withSeals = (
  contract: "market" | "relay",
  method: "commitSigned" | "sealMany",
): Omit<Action<Calls["sealMany"]>, "run"> => ({
  contract,
  method,
  args: (world, c) => [packed(world.job(c.job).packed), sealsOf(world, c).map(({ seal }) => seal)],
  touched: (views, world, c) => sealed(views, world.job(c.job), c.seals),
});

/** What can be done on the market and its rounds. */
export const marketActions: Actions<MarketKind> = {
  request: {
    contract,
    method: "request",
    args: (_world, c) => [packed(packOrder(c.order)), inputOf(c.inputBytes)],
    run: (world, c, from) => {
      world.jobs.set(c.job, world.market.request(from, c.order, c.inputBytes));
    },
    touched: (views, world, c, from) => {
      const job = world.jobs.get(c.job);
      const { requester } = c.order;
      const paid = [views.account(requester), views.cap("market", requester, from)];
      return [...paid, ...(job === undefined ? [] : [views.job(job)])];
    },
  },
  cancel: {
    contract,
    method: "cancel",
    args: (world, c) => [packed(world.job(c.job).packed)],
    run: (world, c, from) => {
      world.market.cancel(from, world.job(c.job));
    },
    touched: (views, world, c) => ended(views, world.job(c.job)),
  },
  commit: {
    contract,
    method: "commit",
    args: (world, c) => [packed(world.job(c.job).packed), c.node, commitmentOf(world, c)],
    run: (world, c, from) => {
      world.market.commit(from, world.job(c.job), c.node, commitmentOf(world, c));
    },
    touched: (views, world, c) => {
      const job = world.job(c.job);
      return [
        views.job(job),
        views.round(job.round),
        views.entry(job.round, c.node),
        views.serving(c.node, job.terms.versionId),
      ];
    },
  },
  commitSigned: {
    ...withSeals("market", "commitSigned"),
    run: (world, c, from) => {
      world.market.commitSigned(from, world.job(c.job), sealsOf(world, c));
    },
  },
  advance: {
    contract,
    method: "advance",
    args: (world, c) => [packed(world.job(c.job).packed), world.seats(world.job(c.job), c.fault)],
    run: (world, c, from) => {
      world.market.advance(from, world.job(c.job), world.seats(world.job(c.job), c.fault));
    },
    touched: (views, world, c) => [views.job(world.job(c.job))],
  },
  settle: withSeats("settle"),
  expire: withSeats("expire"),
  revealAndSettle: {
    contract,
    method: "revealAndSettle",
    args: (world, c) => {
      const job = world.job(c.job);
      const seats = world.seats(job, c.fault);
      return [packed(job.packed), c.node, rootOf(c.output), saltOf(job, c.node), seats];
    },
    run: (world, c, from) => {
      const job = world.job(c.job);
      const seats = world.seats(job, c.fault);
      world.market.revealAndSettle(from, job, c.node, rootOf(c.output), saltOf(job, c.node), seats);
    },
    touched: (views, world, c) => {
      const job = world.job(c.job);
      return [...ended(views, job), ...job.rounds.flatMap((round) => [views.round(round), views.entry(round, c.node)])];
    },
  },
  deliver: {
    contract,
    method: "deliver",
    args: (world, c) => {
      const { fault, payload } = outputOf(c.output);
      return [packed(world.job(c.job).packed), fault, hexlify(payload)];
    },
    run: (world, c, from) => {
      world.market.deliver(from, world.job(c.job), outputOf(c.output).root);
    },
    touched: (views, world, c, from) => [views.job(world.job(c.job)), views.account(from)],
  },
  reclaimTip: {
    contract,
    method: "reclaimTip",
    args: (world, c) => [packed(world.job(c.job).packed)],
    run: (world, c, from) => {
      world.market.reclaimTip(from, world.job(c.job));
    },
    touched: (views, world, c) => [views.job(world.job(c.job)), views.account(world.job(c.job).terms.requester)],
  },
  serve: {
    contract,
    method: "serve",
    args: (_world, c) => [c.node, c.version, c.weight, c.maxLock, c.endsAt],
    run: (world, c, from) => {
      world.market.serve(from, c.node, c.version, c.weight, c.maxLock, c.endsAt);
    },
    touched: (views, world, c) => served(views, world, c.node, c.version),
  },
  unserve: {
    contract,
    method: "unserve",
    args: (_world, c) => [c.node, c.version],
    run: (world, c, from) => {
      world.market.unserve(from, c.node, c.version);
    },
    touched: (views, world, c) => served(views, world, c.node, c.version),
  },
  refreshServing: {
    contract,
    method: "refreshServing",
    args: (_world, c) => [c.node, c.version],
    run: (world, c, from) => {
      world.market.refreshServing(from, c.node, c.version);
    },
    touched: (views, world, c) => served(views, world, c.node, c.version),
  },
  reveal: {
    contract: "commitments",
    method: "reveal",
    args: (world, c) => {
      const job = world.job(c.job);
      return [job.rounds[c.attempt]?.id ?? "", c.node, rootOf(c.output), saltOf(job, c.node)];
    },
    run: (world, c, from) => {
      const job = world.job(c.job);
      world.market.reveal(from, job, c.attempt, c.node, rootOf(c.output), saltOf(job, c.node));
    },
    touched: (views, world, c) => {
      const round = world.job(c.job).rounds[c.attempt];
      return round === undefined ? [] : [views.round(round), views.entry(round, c.node)];
    },
  },
  revealMany: {
    contract: "commitments",
    method: "revealMany",
    args: (world, c) => {
      const job = world.job(c.job);
      return [job.rounds[c.attempt]?.id ?? "", revealsOf(job, c.reveals)];
    },
    run: (world, c, from) => {
      const job = world.job(c.job);
      world.market.revealMany(from, job, c.attempt, revealsOf(job, c.reveals), skipping(world, job, c.attempt));
    },
    reports: ["RevealSkipped"],
    touched: (views, world, c) => shown(views, world.job(c.job), c.reveals),
  },
  unpack: {
    contract: "commitments",
    method: "unpack",
    args: (world, c) => {
      const { roundId, round, seals } = world.packOf(world.job(c.job), c.attempt, c.fault);
      return [roundId, round, seals];
    },
    run: (world, c, from) => {
      const job = world.job(c.job);
      world.market.unpack(from, job, c.attempt, world.packOf(job, c.attempt, c.fault));
    },
    touched: (views, world, c) => rounds(views, world.job(c.job)),
  },
  sealMany: {
    ...withSeals("relay", "sealMany"),
    run: (world, c, from) => {
      const job = world.job(c.job);
      for (const signed of sealsOf(world, c)) {
        try {
          world.market.commitSigned(from, job, [signed]);
          world.note("seal relayed");
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          const reason = ERRORS.encodeErrorResult(error.error, [...error.args]);
          world.report("relay", "SealSkipped", job.id, signed.seal.node, reason);
          world.note(`seal skipped: ${error.error}`);
        }
      }
    },
    reports: ["SealSkipped"],
  },
  revealPackedAndSettle: {
    contract: "relay",
    method: "revealPackedAndSettle",
    args: (world, c) => {
      const job = world.job(c.job);
      const { roundId, round, seals } = world.packOf(job, c.attempt, c.fault);
      return [packed(job.packed), roundId, round, rootOf(c.output), saltsFor(job, seals, c.isSaltless)];
    },
    run: (world, c, from) => {
      const job = world.job(c.job);
      const { round, seals } = world.packOf(job, c.attempt, c.fault);
      const salts = saltsFor(job, seals, c.isSaltless);
      world.market.revealPackedAndSettle(from, job, c.attempt, round, rootOf(c.output), salts);
    },
    touched: (views, world, c) => [...ended(views, world.job(c.job)), ...rounds(views, world.job(c.job))],
  },
  relayReveals: {
    contract: "relay",
    method: "revealAndSettle",
    args: (world, c) => {
      const job = world.job(c.job);
      const id = job.rounds[c.attempt]?.id ?? "";
      return [packed(job.packed), id, revealsOf(job, c.reveals), world.seats(job, c.fault)];
    },
    run: (world, c, from) => {
      const job = world.job(c.job);
      const seats = world.seats(job, c.fault);
      const skipped = skipping(world, job, c.attempt);
      world.market.relayReveals(from, job, c.attempt, revealsOf(job, c.reveals), seats, skipped);
    },
    reports: ["RevealSkipped"],
    touched: (views, world, c) => [...ended(views, world.job(c.job)), ...shown(views, world.job(c.job), c.reveals)],
  },
  donate: {
    contract: "token",
    method: "transfer",
    args: (_world, c) => [c.to, c.amount],
    run: (world, c, from) => {
      world.donate(from, c.to, c.amount);
    },
    touched: (views, _world, _c, from) => [views.balance(from), ...views.holdings()],
  },
  setRefuses: {
    contract: "recorder",
    method: "setRefuses",
    args: (_world, c) => [c.refuses],
    run: (world, c) => {
      world.refuses = c.refuses;
    },
    touched: () => [],
  },
};

/** What seals that are brought can change. */
const sealed = (views: Views, job: JobModel, seals: readonly BroughtSeal[]): View[] => [
  views.job(job),
  views.round(job.round),
  ...seals.flatMap(({ node }) => [views.entry(job.round, node), views.serving(node, job.terms.versionId)]),
];

/** All that is sealed and revealed in a job. */
const rounds = (views: Views, job: JobModel): View[] =>
  job.rounds.flatMap((round) => [views.round(round), ...round.seats.map((node) => views.entry(round, node))]);

const served = (views: Views, world: World, node: string, version: string) => [
  views.serving(node, version),
  views.weights(node, version, world.clock.now),
  ...views.node(node).slice(2, 4),
  ...views.lock(node, world.market.constants.address, version),
];

function commitmentOf(world: World, call: { job: number; node: string; output: number; blank: boolean }): string {
  return call.blank ? `0x${"0".repeat(64)}` : world.commitment(world.job(call.job), call.node, call.output);
}

function outputOf(output: number) {
  const found = OUTPUTS[output];
  if (found === undefined) throw new Error(`No output ${output}`);
  return found;
}

const sealsOf = (world: World, { job, seals }: Calls["sealMany"]): AuthoredSeal[] =>
  seals.map((brought) => sealOf(world, world.job(job), brought));

/** A seal with the signature of whoever has signed it, and who the contracts find that this was. */
function sealOf(world: World, job: JobModel, { node, output, signer, isGarbled }: BroughtSeal): AuthoredSeal {
  const { chainId, commitments } = world.market.constants;
  const commitment = world.commitment(job, node, output);
  const unsigned = { chainId, commitments, roundId: job.round.id, node, commitment };
  // An s above half of the curve's order is nobody's.
  if (isGarbled)
    return { seal: { node, commitment, r: id("r"), vs: toBeHex((1n << 255n) - 1n, 32) }, author: undefined };
  return { seal: signedSeal(unsigned, sign(signer, sealDigest(unsigned))), author: signer };
}

const revealsOf = (job: JobModel, reveals: readonly BroughtReveal[]) =>
  reveals.map(({ node, output, isSaltless }) => ({
    node,
    outputRoot: rootOf(output),
    salt: isSaltless ? ZeroHash : saltOf(job, node),
  }));

const saltsFor = (job: JobModel, seals: readonly PackedSeal[], isSaltless: boolean): PackedReveal[] =>
  seals.map(({ node }) => ({ node, salt: isSaltless ? ZeroHash : saltOf(job, node) }));

const skipping = (world: World, job: JobModel, attempt: number) => (node: string, fault: RevealFault) => {
  world.report("commitments", "RevealSkipped", job.rounds[attempt]?.id ?? "", node, fault);
  world.note(`reveal skipped: ${fault}`);
};

const shown = (views: Views, job: JobModel, reveals: readonly BroughtReveal[]): View[] =>
  job.rounds.flatMap((round) => [views.round(round), ...reveals.map(({ node }) => views.entry(round, node))]);
