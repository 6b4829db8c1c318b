import type { Addresses, EventName, ProtocolEvent } from "@opg-protocol/sdk";

import type { EventIndex } from "./EventIndex.ts";

/** What happens in a round. */
const IN_ROUNDS: ReadonlySet<EventName> = new Set<EventName>([
  "ResultSealed",
  "ResultRevealed",
  "RevealSkipped",
  "RoundUnpacked",
]);

/**
 * Events without rounds that no market has opened: anybody can open one and name a job and nodes that it has nothing to do with.
 * @param index What came before the events.
 */
export function withoutForeignRounds<E extends ProtocolEvent>(
  events: readonly E[],
  index: EventIndex,
  { market, optimistic }: Pick<Addresses, "market" | "optimistic">,
): readonly E[] {
  const markets = new Set([market.toLowerCase(), optimistic.toLowerCase()]);
  const opened = new Set<string>();
  const isOpened = (roundId: string) =>
    opened.has(roundId) || index.about(roundId).some(({ name }) => name === "RoundOpened");
  return events.filter(({ name, args }) => {
    if (!("roundId" in args)) return true;
    if (name !== "RoundOpened") return !IN_ROUNDS.has(name) || isOpened(args.roundId);
    const isOurs = "consumer" in args && markets.has(args.consumer.toLowerCase());
    if (isOurs) opened.add(args.roundId);
    return isOurs;
  });
}
