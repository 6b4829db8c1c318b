import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import {
  answerOptimistic,
  createClient,
  findEvents,
  getAnswer,
  getClosing,
  getDispute,
  getStatement,
  getVerdict,
  DisputeState,
  OptimisticState,
  payloadRoot,
  serveOptimistic,
  supplyOf,
  supplyWords,
  type Tensor,
  Verdict,
} from "@opg-protocol/sdk";
import { compile, DType, Executor, INTEGER_PROFILE, type Program, settle } from "@opg-protocol/sdk/onnx";
import { NonceManager, parseEther } from "ethers";

import { readDisputes } from "../dist/disputes/Stories.js";
import { loadSigner } from "../dist/keys/Keystore.js";
import { DaemonProcess } from "./support/daemon.ts";
import { eventually, TestNetwork, type TestNode } from "./support/network.ts";
import { answersAlone, type Lie, Liars, orderAlone, publishProgram, servingAlone } from "./support/refereed.ts";

const FILE = readFileSync(new URL("../../../examples/models/verses/pass-64.onnx", import.meta.url));
const PROGRAM = compile(FILE, INTEGER_PROFILE);
const WINDOW = 64;
const PROMPT = "And God said";
const BONDS = parseEther("3000");
const STAKE = parseEther("20000");
/** A chain's second in milliseconds. */
const PERIOD = 300;

const bytes = (data: Uint8Array): Tensor => ({ dtype: DType.Uint8, shape: [data.length], data });
const number = (value: number): Tensor => ({
  dtype: DType.Int32,
  shape: [1],
  data: new Uint8Array(Int32Array.of(value).buffer),
});

/** The input that asks for so many bytes behind a prompt. */
function asksFor(count: number): readonly Tensor[] {
  const window = new Uint8Array(WINDOW);
  new TextEncoder().encodeInto(PROMPT, window);
  return [bytes(window), number(PROMPT.length + count), number(0), number(0)];
}

/** What the model says. */
const truth = (inputs: readonly Tensor[]): Promise<readonly Tensor[]> =>
  settle(PROGRAM, (stated) => new Executor(PROGRAM).run(inputs, stated));

/** The same with another first byte behind the prompt. */
function falsified(outputs: readonly Tensor[]): readonly Tensor[] {
  return outputs.map((tensor) => {
    const data = Uint8Array.from(tensor.data);
    data[PROMPT.length] = "X".charCodeAt(0);
    return { ...tensor, data };
  });
}

/** Says of the last step that it makes whatever is stated. */
class Insisting extends Executor {
  override *tensors(inputs: readonly Tensor[], stated: readonly Tensor[] = []) {
    for (const [step, words] of super.tensors(inputs, stated)) {
      if (step === this.program.steps.length - 1) words.set(stated[0]?.data ?? []);
      yield [step, words] as const;
    }
  }
}

const LIE: Lie = {
  tracer: (program: Program) => new Insisting(program),
  executor: (runtime) => ({
    run: async (version, inputs, signal) => falsified([...(await runtime.run(version, inputs, signal))]) as Tensor[],
    close: () => runtime.close(),
  }),
};

describe("A language model, nodes that lie about one byte, and one watcher", () => {
  const liars = new Liars();
  let network: TestNetwork;
  let versionId: string;
  let honest: TestNode;
  let watcher: TestNode;
  let daemons: DaemonProcess[];

  before(async () => {
    network = await TestNetwork.start();
    const golden = asksFor(4);
    versionId = await publishProgram(network, "verses", FILE, PROGRAM, {
      inputs: golden,
      outputs: await truth(golden),
    });
    honest = await network.addNode(1, answersAlone(versionId), STAKE);
    watcher = await network.addWatcher(BONDS);
    const honestDaemon = new DaemonProcess(honest);
    daemons = [honestDaemon, new DaemonProcess(watcher, "watch")];
    for (const daemon of daemons) daemon.start();
    await honestDaemon.ready();
    await servingAlone(network, versionId, [honest]);
    network.run(PERIOD);
  });

  after(async () => {
    await liars.stop();
    await Promise.all(daemons.map((daemon) => daemon.kill()));
    await network.stop();
  });

  it("answers with the text that the model makes when it is shown it, which nobody challenges or pays for to its end", async () => {
    const { client } = network;
    const input = { tensors: asksFor(8) };
    const order = { node: honest.node, windowPeriod: 30, input };
    const { jobId, packed } = await orderAlone(network, versionId, 0, order);
    // Only then is it known that nobody does: a watcher looks when it has time, and demands at its second look.
    await eventually("its window is over", async () => (await getClosing(client, { jobId })) !== undefined);
    assert.equal((await getClosing(client, { jobId }))?.state, OptimisticState.Answered);
    const answer = await getAnswer(client, { job: packed, attempt: 0 });
    assert.equal(answer?.outputRoot, payloadRoot(await truth(input.tensors)));
    for (const name of ["Challenged", "WordsDemanded"] as const)
      assert.deepEqual(await findEvents(client, "disputes", name, [], 0), []);
  });

  it("demands the text of a node that shows it to nobody, and has it slashed for the byte that it lies about [T069 T215]", async () => {
    const { client } = network;
    const liar = await network.addNode(2, answersAlone(versionId), STAKE);
    await liars.start(liar, LIE);
    await servingAlone(network, versionId, [liar]);
    const before = (await client.staking.ownStakeOf(liar.node)).bonded;
    const tensors = asksFor(9);
    await orderAlone(network, versionId, 0, { node: liar.node, input: { tensors } });
    await eventually("the liar is slashed", async () => (await client.staking.ownStakeOf(liar.node)).bonded < before);
    const [opened] = await findEvents(client, "disputes", "Challenged", [], 0);
    assert.ok(opened);
    const { gameId, game } = opened.args;
    assert.equal(game.challenger, watcher.node);
    assert.equal(game.outputRoot, payloadRoot(falsified(await truth(tensors))));
    assert.equal((await getDispute(client, { disputeId: gameId })).state, DisputeState.NodeLost);
    // Played to its end, and not lost by silence.
    assert.equal((await findEvents(client, "disputes", "Answered", [gameId], 0)).length, 1);
    const story = readDisputes(watcher.folder)?.disputes.find(({ id }) => id === gameId);
    const judged = new RegExp(`judges: step \\d+ \\(text\\) is wrong in word 0, byte ${PROMPT.length}$`, "m");
    assert.match(story?.notes.map(({ text }) => text).join("\n") ?? "", judged);
    const [demanded] = await findEvents(client, "disputes", "WordsDemanded", [game.statementId], 0);
    assert.equal(demanded?.args.demand.root, game.outputRoot, "private addresses are not asked");
    assert.equal((await getDispute(client, { disputeId: demanded.args.demandId })).state, DisputeState.Supplied);
  });

  it("challenges an output that is none of the model's types and shapes, with what its node was made to supply [T215]", async () => {
    const { client } = network;
    const liar = await network.addNode(3, answersAlone(versionId), STAKE);
    const key = await loadSigner(join(liar.folder, "signer.json"), join(liar.folder, "signer.password"));
    const signer = new NonceManager(key.connect(network.provider));
    const unruly = await createClient({ provider: network.provider, signer, addresses: client.addresses });
    const endsAt = ((await network.provider.getBlock("latest"))?.timestamp ?? 0) + 86_400;
    await serveOptimistic(unruly, { node: liar.node, versionId, maxLock: parseEther("500"), endsAt });
    const odd = [1, 2].map((letter) => bytes(new Uint8Array(100).fill(letter)));
    const outputRoot = payloadRoot(odd);
    const input = { tensors: asksFor(10) };
    const { packed } = await orderAlone(network, versionId, 0, { node: liar.node, input });
    const { roundId } = await answerOptimistic(unruly, { job: packed, node: liar.node, outputRoot });
    const { statement, statementId } = await getStatement(client, { roundId, node: liar.node, outputRoot });

    const demands = () => findEvents(client, "disputes", "WordsDemanded", [statementId], 0);
    await eventually("words are demanded", async () => (await demands()).length > 0);
    const [demanded] = await demands();
    assert.ok(demanded);
    const { demand } = demanded.args;
    assert.deepEqual([demand.root, Number(demand.tensor), Number(demand.count)], [outputRoot, 0, WINDOW / 32]);
    await supplyWords(unruly, { demand, supply: supplyOf(odd, demand) });
    await eventually("it is found false", async () => (await getVerdict(client, { statement })) === Verdict.False);
    const [opened] = await findEvents(client, "disputes", "Challenged", [statementId], 0);
    assert.equal(opened?.args.game.challenger, watcher.node);
  });
});
