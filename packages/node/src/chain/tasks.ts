import {
  type Demand,
  type EventName,
  faultOf,
  type Game,
  type PackedOptimisticJob,
  PayloadError,
  type ProtocolEvent,
  statementId,
} from "@opg-protocol/sdk";

import type { JournalTask } from "../journal/Journal.ts";
import type { Interest } from "./Chain.ts";

/** What a task of each kind knows from its event. */
export interface TaskData {
  readonly offer: { readonly packed: PackedOptimisticJob; readonly input: string };
  readonly statement: { readonly roundId: string; readonly node: string; readonly outputRoot: string };
  readonly game: { readonly game: Game };
  readonly demand: { readonly demand: Demand };
}

/** The events that can begin something to look after. To decode no others halves the time of catching up. */
export const beginnings = ({ offers, statements }: Interest): readonly EventName[] => [
  ...(offers.size > 0 ? (["JobOffered"] as const) : []),
  ...(statements ? (["JobAnswered", "ResultRevealed"] as const) : []),
  "Challenged",
  "WordsDemanded",
];

/** What is to be looked after because of an event. */
export function taskIn(event: ProtocolEvent | undefined, interest: Interest): JournalTask | undefined {
  switch (event?.name) {
    case "JobOffered": {
      const { jobId, versionId, job, input } = event.args;
      return interest.offers.has(versionId) ? taskOf("offer", jobId, { packed: job, input }, event) : undefined;
    }
    case "JobAnswered":
    case "ResultRevealed": {
      const { roundId, node, outputRoot } = event.args;
      const fault = faultOf(outputRoot);
      // Nobody can prove the other errors false, and they earn nothing where one node states them.
      const isDisputable = fault === PayloadError.None || fault === PayloadError.InputMalformed;
      if (!interest.statements || !isDisputable || isSame(node, interest.node)) return undefined;
      const id = statementId(roundId, node, outputRoot);
      return taskOf("statement", id, { roundId, node, outputRoot }, event);
    }
    case "Challenged": {
      const { gameId, game } = event.args;
      const concerns = isSame(game.node, interest.node) || isSame(game.challenger, interest.account);
      return concerns ? taskOf("game", gameId, { game }, event) : undefined;
    }
    case "WordsDemanded": {
      const { demandId, demand } = event.args;
      const concerns = isSame(demand.node, interest.node) || isSame(demand.payer, interest.account);
      return concerns ? taskOf("demand", demandId, { demand }, event) : undefined;
    }
    default:
      return undefined;
  }
}

/** What the event said that began a task. */
export function dataOf<Kind extends JournalTask["kind"]>(_kind: Kind, { data }: JournalTask): TaskData[Kind] {
  return JSON.parse(data, (_key, value: unknown) =>
    typeof value === "string" && BIG.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as TaskData[Kind];
}

/** A bigint as it stands in JSON. */
const BIG = /^\d+n$/;

function taskOf<Kind extends JournalTask["kind"]>(
  kind: Kind,
  id: string,
  data: TaskData[Kind],
  { blockNumber }: ProtocolEvent,
): JournalTask {
  const text = JSON.stringify(data, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  return { id, kind, data: text, blockNumber };
}

const isSame = (a: string, b: string | undefined) => a.toLowerCase() === b?.toLowerCase();
