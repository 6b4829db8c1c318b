/** Tells what happens on the chain while it happens, and keeps it for the account at the end. */
import { decodePayload, formatOpg, JobState, watch, type Client, type ProtocolEvent } from "@opg-protocol/sdk";
import pc from "picocolors";

import { rank } from "./model.ts";
import type { DemoNode } from "./nodes.ts";
import { say } from "./say.ts";

const EVENTS = [
  "JobRequested",
  "SeedRecorded",
  "ResultSealed",
  "ResultRevealed",
  "SeedBlockFixed",
  "DrawStarted",
  "NodeSlashed",
  "JobSettled",
] as const;

const stateName = (state: bigint): string =>
  Object.entries(JobState).find(([, value]) => value === Number(state))?.[0] ?? "?";

export class Story {
  readonly events: ProtocolEvent[] = [];
  /** What nodes have revealed, by root. */
  readonly #digits = new Map<string, number>();
  readonly #client: Client;
  readonly #nodes: readonly DemoNode[];

  constructor(client: Client, nodes: readonly DemoNode[]) {
    this.#client = client;
    this.#nodes = nodes;
  }

  /** Tells everything from a block on, until the signal says stop. */
  async tell(from: number, signal: AbortSignal): Promise<void> {
    const batches = watch(this.#client, { events: EVENTS, from, pollingInterval: 200, signal });
    for await (const { events } of batches) {
      for (const event of events) {
        this.events.push(event);
        const line = await this.#line(event);
        if (line !== undefined) say(line);
      }
    }
  }

  async #line(event: ProtocolEvent): Promise<string | undefined> {
    switch (event.name) {
      case "JobRequested":
        return `The requester orders an answer that at least two nodes agree on`;
      case "SeedRecorded":
        return `The hash of a later block draws the nodes, by stake`;
      case "ResultSealed":
        return `${this.name(event.args.node)} seals its answer`;
      case "ResultRevealed":
        return `${this.name(event.args.node)} reveals: ${await this.#answer(event.args.node, event.args.outputRoot)}`;
      case "SeedBlockFixed":
        return pc.yellow("Not all have revealed: a later block draws the nodes that decide");
      case "DrawStarted":
        return pc.yellow("The answers differ: an appeal begins, among nodes that have not answered yet");
      case "NodeSlashed": {
        const { node, own, delegated } = event.args;
        return pc.red(`${this.name(node)} was wrong and loses ${formatOpg(own + delegated)} OPG of its stake`);
      }
      case "JobSettled":
        return `The job is settled: ${stateName(event.args.state).toLowerCase()}`;
      default:
        return undefined;
    }
  }

  /** How people call a node. */
  name(address: string): string {
    const node = this.#nodes.find((known) => known.node === address);
    if (node === undefined) return address;
    return node.isLiar ? pc.red(`Node ${node.number} (the liar)`) : `Node ${node.number}`;
  }

  /** The digit behind a root, from the node that stated it. */
  async #answer(address: string, root: string): Promise<string> {
    const known = this.#digits.get(root);
    if (known !== undefined) return `${known}`;
    const node = this.#nodes.find((candidate) => candidate.node === address);
    const response = await fetch(`${node?.url ?? ""}/v1/outputs/${root}`);
    const [output] = response.ok ? decodePayload(new Uint8Array(await response.arrayBuffer())) : [];
    const digit = output === undefined ? undefined : rank(output)[0]?.digit;
    if (digit === undefined) return `an output with root ${root.slice(0, 10)}`;
    this.#digits.set(root, digit);
    return `${digit}`;
  }
}
