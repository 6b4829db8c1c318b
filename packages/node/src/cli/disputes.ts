import { formatOpg } from "@opg-protocol/sdk";

import { type Disputes, readDisputes } from "../disputes/Stories.ts";
import type { Printing } from "./status.ts";
import { printTable } from "./table.ts";

const NONE: Disputes = { updatedAt: "never", disputes: [] };

/** What the daemon of this folder, or its watcher, does in disputes, and why. */
export function disputes(folder: string, { json }: Printing): void {
  const report = readDisputes(folder) ?? NONE;
  if (json === true) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  if (report.disputes.length === 0) process.stdout.write("No disputes.\n");
  for (const dispute of report.disputes) {
    const { kind, id, role, state, statementId, node, turn, deadline, bond, notes } = dispute;
    printTable([
      [`${kind} ${id}`, `${role === undefined ? "" : `as ${role}, `}${state ?? ""}${dispute.isOpen ? "" : ", over"}`],
      ...(statementId === undefined || statementId === id ? [] : [["  statement", statementId]]),
      ...(node === undefined ? [] : [["  node", node]]),
      ...(turn === undefined ? [] : [["  whose move", `${turn}'s, until ${timeOf(deadline ?? 0)}`]]),
      ...(bond === undefined ? [] : [["  laid down", `${formatOpg(BigInt(bond))} OPG`]]),
      ...notes.map(({ at, text }) => [`  ${at}`, text]),
    ]);
  }
}

const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString();
