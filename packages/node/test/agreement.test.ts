import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";

import {
  expireJob,
  formatOpg,
  getNextStep,
  getSeats,
  getServing,
  JobState,
  payloadRoot,
  waitForResult,
} from "@opg-protocol/sdk";
import { keccak256 } from "ethers";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { DaemonProcess } from "./support/daemon.ts";
import { DIGITS, eventually, run, TestNetwork, type TestNode } from "./support/network.ts";

describe("Three daemons on a real chain", () => {
  let network: TestNetwork;
  let nodes: TestNode[];
  let daemons: DaemonProcess[];

  before(async () => {
    network = await TestNetwork.start();
    nodes = [await network.addNode(1), await network.addNode(2), await network.addNode(3)];
    daemons = nodes.map((node) => new DaemonProcess(node));
    for (const daemon of daemons) daemon.start();
    await Promise.all(daemons.map((daemon) => daemon.ready()));
    await network.serving(nodes);
    network.run();
  });

  after(async () => {
    await Promise.all(daemons.map((daemon) => daemon.kill()));
    await network.stop();
  });

  it("agree on what ONNX Runtime gives, serve it by its root, and are paid", async () => {
    const { jobId, packed } = await network.order();
    const { state, result, settlement } = await waitForResult(network.client, { jobId, pollingInterval: 100 });

    assert.equal(state, JobState.Agreed);
    const expected = await run(readFileSync(join(DIGITS, "digits.onnx")));
    assert.equal(settlement?.outputRoot, payloadRoot(expected));
    assert.ok(result !== undefined && "tensors" in result);
    assert.deepEqual(result.tensors[0]?.data, expected[0]?.data);

    const [seats = []] = await getSeats(network.client, { job: packed });
    assert.equal(seats.length, 3);
    for (const { node } of seats) {
      const { earned } = await getServing(network.client, { node, versionId: network.versionId });
      assert.equal(formatOpg(earned), "1");
    }
  });

  it("agree on the error where an input does not fit the model, and it is a result", async () => {
    const wide = { dtype: 2, shape: [1, 1, 4, 4], data: new Uint8Array(16) };
    const { jobId } = await network.order({}, [wide]);
    const { state, result } = await waitForResult(network.client, { jobId, pollingInterval: 100 });
    assert.equal(state, JobState.Refused);
    assert.ok(result !== undefined && "fault" in result);
  });

  it("answer the jobs beside one whose input is nowhere, and try that again until it is refunded [T142]", async () => {
    const nowhere = { uri: "https://nowhere.invalid/input", inputRoot: keccak256("0x") };
    const hopeless = await network.order({ input: nowhere });
    const { jobId } = await network.order();
    const { state } = await waitForResult(network.client, { jobId, pollingInterval: 100 });
    assert.equal(state, JobState.Agreed);
    const job = hopeless.packed;
    await eventually("its sealing is over", async () => (await getNextStep(network.client, { job })).step === "expire");
    await expireJob(network.client, { job });
    for (const { output } of daemons) assert.match(output, /nowhere\.invalid/);
  });

  it("lets no second process run a node [T130 D04]", async () => {
    const [node] = nodes;
    assert.ok(node !== undefined);
    const second = new DaemonProcess(node);
    second.start("--port", "0");
    assert.equal(await second.ended(), 75);
    assert.match(second.output, /Another process holds the journal/);
  });

  it("stops when it is asked to, with nothing lost", async () => {
    const [first] = daemons;
    assert.ok(first !== undefined);
    assert.equal(await first.stop(), 0);
    first.start();
    await first.ready();
  });
});
