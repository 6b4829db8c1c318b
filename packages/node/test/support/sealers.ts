import { strict as assert } from "node:assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { getJob, getSeats, JobState, type RequestedJob, unpackJob } from "@opg-protocol/sdk";
import { Transaction, ZeroAddress, ZeroHash } from "ethers";

import type { TestNetwork, TestNode } from "./network.ts";

/** Digits of a word. */
const WORD = 64;

/** Who has sent seals of a job, each as often as the chain has one of it, taken or refused: one that is late is refused. */
async function sealersOf({ client, provider }: TestNetwork, { packed }: RequestedJob): Promise<string[]> {
  const words = client.market.interface.encodeFunctionData("commit", [packed, ZeroAddress, ZeroHash]);
  const sealing = words.slice(0, -2 * WORD); // without node and seal
  const sealers: string[] = [];
  const head = await provider.getBlockNumber();
  for (let number = unpackJob(packed).requestBlock; number <= head; number += 1) {
    const block = await provider.getBlock(number, true);
    for (const { from, data } of block?.prefetchedTransactions ?? []) {
      if (data.startsWith(sealing)) sealers.push(from);
    }
  }
  return sealers;
}

/** A job has ended in agreement: what all have sealed is revealed, and nobody has tried to seal twice. */
export async function assertAgreed(network: TestNetwork, order: RequestedJob): Promise<void> {
  const { client } = network;
  const { jobId, packed: job } = order;
  const { record } = await getJob(client, { jobId });
  assert.equal(record.state, JobState.Agreed, `job ${jobId} ended in state ${record.state}`);
  for (const { node, outputRoot } of (await getSeats(client, { job })).flat()) {
    assert.notEqual(outputRoot, undefined, `${node} lost its reveal of ${jobId}`);
  }
  const sealers = await sealersOf(network, order);
  assert.equal(new Set(sealers).size, sealers.length, `somebody has sealed twice in ${jobId}`);
}

/** A node that is stopped has never signed two different seals of a round. */
export function assertSealedOnce({ node, folder }: TestNode, where: string): void {
  for (const [round, contents] of signedSeals(folder)) {
    assert.equal(contents.size, 1, `${where}: ${node} has signed two seals of round ${round}`);
  }
}

/** Of each round in a journal, what the node has ever signed to seal it. */
function signedSeals(folder: string): Map<string, Set<string>> {
  const journal = new DatabaseSync(join(folder, "journal.sqlite"));
  const seals = new Map<string, Set<string>>();
  for (const { subject, raw } of journal.prepare("SELECT subject, raw FROM transactions WHERE kind = 'commit'").all()) {
    const round = String(subject);
    seals.set(round, (seals.get(round) ?? new Set()).add(Transaction.from(String(raw)).data));
  }
  journal.close();
  return seals;
}
