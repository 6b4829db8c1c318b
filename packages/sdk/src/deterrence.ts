/** What decides whether a lie pays where audits alone find it. */
export interface Deterrence {
  /** Chance that an answer is audited, basis points. */
  readonly auditBps: number;
  /** Tenths: how often the lock holds what a lie gains, over that chance. */
  readonly deterrence: bigint;
  /** Of what own stake has left, to those who prove a lie; basis points. */
  readonly challengerShareBps: bigint;
  /** Seats that the first step of an audit's draw expects, in tenths. */
  readonly auditSeats: bigint;
  /** How often its threshold doubles. */
  readonly auditSteps: bigint;
}

/** The liar's part of the enrolled weight, and what else it can do about an audit. */
export interface Liar {
  /** Between 0 and 1. */
  readonly share: number;
  /** Part of the others' weight that is there to audit; by default all. */
  readonly online?: number;
  /** Whether puppets of the liar take three of the four parts of the reward; by default they do. */
  readonly puppets?: boolean;
}

/**
 * The chance that an audit's one seat goes to somebody honest. In each step the seats that a draw expects double; who of
 * the liar's nodes is drawn in a step is faster than anybody honest, who has to compute. Nodes are small beside the sum.
 */
export function honestSeatChance({ auditSeats, auditSteps }: Deterrence, { share, online = 1 }: Liar): number {
  let free = 1; // chance that nobody has sealed yet
  let honest = 0;
  let before = 0;
  for (let step = 0; step <= Number(auditSteps); step++) {
    const expected = (Number(auditSeats) / 10) * 2 ** step;
    const added = expected - before;
    before = expected;
    const noLiar = Math.exp(-added * share);
    const nobodyElse = Math.exp(-added * (1 - share) * online);
    honest += free * noLiar * (1 - nobodyElse);
    free *= noLiar * nobodyElse;
  }
  return honest;
}

/**
 * What a lie costs on average if nobody but an auditor looks, as a multiple of what it gains (price and value at stake).
 * Above 1 lying does not pay. The bonds in the lock are left out: they make it more.
 */
export function lieBalanceOf(deterrence: Deterrence, liar: Liar): number {
  const back = liar.puppets === false ? 0 : (3 / 4) * (Number(deterrence.challengerShareBps) / 10_000);
  const lock = Number(deterrence.deterrence) / 10 / (deterrence.auditBps / 10_000); // in gains
  return (deterrence.auditBps / 10_000) * honestSeatChance(deterrence, liar) * (1 - back) * lock;
}
