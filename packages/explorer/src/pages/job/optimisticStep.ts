import {
  chainTime,
  type Client,
  getAuditSettlement,
  getSharers,
  getStatementRecord,
  type PackedOptimisticJob,
  type SettleAuditedParameters,
  statementId,
} from "@opg-protocol/sdk";

import type { JobAnswer } from "../../entities/jobRounds.ts";
import type { JobView } from "../../entities/jobs.ts";

/** What can be done with a job that one node has answered. */
export type OptimisticStep =
  /** @param until Unix seconds; undefined where it depends on more than time. */
  | { readonly kind: "wait"; readonly why: string; readonly until: number | undefined }
  | { readonly kind: "settle"; readonly node: string; readonly outputRoot: string; readonly outcome: string }
  | { readonly kind: "settleAudited"; readonly given: SettleAuditedParameters; readonly outcome: string };

const wait = (why: string, until?: number): OptimisticStep => ({ kind: "wait", why, until });

/** What can be done now with a job that one node has answered, with or without a seal. */
export async function optimisticStep(client: Client, view: JobView, job: PackedOptimisticJob): Promise<OptimisticStep> {
  const answer = view.answers.at(-1);
  if (answer !== undefined) return stepOfAnswer(client, answer);
  const given = await getAuditSettlement(client, { job });
  return given === undefined
    ? wait("Seals must be shown, and the time to challenge what they hide must be over.")
    : { kind: "settleAudited", given, outcome: "What was sealed is known, and no dispute is under way." };
}

async function stepOfAnswer(client: Client, answer: JobAnswer): Promise<OptimisticStep> {
  const { node, outputRoot, roundId, disputableUntil } = answer;
  const id = statementId(roundId, node, outputRoot);
  const [record, now] = await Promise.all([getStatementRecord(client, { statementId: id }), chainTime(client)]);
  const settle = { kind: "settle", node, outputRoot } as const;
  if (record.falseAt > 0) {
    const { finalAt } = await getSharers(client, { statementId: id });
    if (now < finalAt)
      return wait("The answer is false. Others who can prove that may still share the reward.", finalAt);
    return { ...settle, outcome: "The answer is false: its node is slashed, and the requester refunded." };
  }
  if (now < disputableUntil) return wait("Anybody who gets another output can challenge the answer.", disputableUntil);
  if (record.underWay > 0) return wait("A dispute of the answer must end first.");
  return { ...settle, outcome: "The time to challenge the answer is over: its node is paid." };
}
