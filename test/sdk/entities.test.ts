import { expect } from "chai";

import {
  entitiesOf,
  getOptimisticJob,
  OptimisticState,
  payloadRoot,
  requestInference,
  requestOptimistic,
} from "../../packages/sdk/src/index.ts";
import { INPUT, OUTPUT, revealAll, seal, termsOf } from "../support/answers.ts";
import { clientOf } from "../support/clients.ts";
import { servedByThree } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";
import { ANSWER_PERIOD, offering, PRICE, WINDOW } from "../support/optimistic.ts";

type JsonLog = Readonly<Record<string, string | readonly string[]>>;

/** All logs of the chain, as `eth_getLogs` gives them. */
const rpcLogs = (): Promise<readonly JsonLog[]> =>
  ethers.provider.send("eth_getLogs", [{ fromBlock: "0x0", toBlock: "latest" }]) as Promise<readonly JsonLog[]>;

/** A log as a table of an indexer has it: columns with underscores, decimal numbers, a column for each topic. */
function rowOf({ topics = [], ...log }: JsonLog): object {
  const [topic0 = null, topic1 = null, topic2 = null, topic3 = null] = topics;
  return {
    topic0,
    topic1,
    topic2,
    topic3,
    address: String(log["address"]).toLowerCase(),
    data: log["data"],
    block_number: BigInt(String(log["blockNumber"])).toString(),
    block_hash: log["blockHash"],
    transaction_hash: log["transactionHash"],
    log_index: BigInt(String(log["logIndex"])),
  };
}

describe("Entities", () => {
  it("are the same from RPC, from a library and from an indexer's rows", async () => {
    const suite = await loadFixture(servedByThree);
    const client = await clientOf(suite, suite.requester);
    const requested = await requestInference(client, { ...termsOf(suite), input: INPUT });
    await revealAll(await seal(suite, requested, 2));

    const logs = await rpcLogs();
    const entities = entitiesOf(client.addresses, logs);
    expect(entities.map(({ kind }) => kind)).to.deep.equal(["releasedVersion", "requestedJob", "settledJob"]);
    const { jobId, packed, job, input, transactionHash } = requested;
    expect(entities[1]).to.deep.equal({ kind: "requestedJob", jobId, packed, job, input, transactionHash });
    expect(entities[2]).to.include({ jobId, outputRoot: payloadRoot(OUTPUT) });

    expect(entitiesOf(client.addresses, logs.map(rowOf))).to.deep.equal(entities);
    expect(entitiesOf(client.addresses, await ethers.provider.getLogs({ fromBlock: 0 }))).to.deep.equal(entities);
  });

  it("are the same where one node answers", async () => {
    const suite = await loadFixture(offering);
    const client = await clientOf(suite, suite.requester);
    const { jobId } = await requestOptimistic(client, {
      versionId: suite.version,
      price: PRICE,
      answerPeriod: ANSWER_PERIOD,
      windowPeriod: WINDOW,
      maxRoyalty: PRICE,
      input: INPUT,
      node: suite.first.node,
    });
    const logs = await rpcLogs();
    const offered = entitiesOf(client.addresses, logs).at(-1);
    const { record, ...expected } = await getOptimisticJob(client, { jobId });
    expect(record.state).to.equal(OptimisticState.Named);
    expect(offered).to.deep.equal({ kind: "offeredJob", ...expected });
    expect(entitiesOf(client.addresses, logs.map(rowOf)).at(-1)).to.deep.equal(offered);
  });
});
