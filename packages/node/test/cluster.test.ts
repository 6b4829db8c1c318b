/** A node whose backend is another node: all of it as operators start it, over HTTP alone. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { JobState, payloadRoot, waitForResult, type Tensor } from "@opg-protocol/sdk";
import { OipClient, OipStatusError } from "@opg-protocol/sdk/oip";

import { missing, opgNode, type Report } from "./support/cli.ts";
import { DaemonProcess } from "./support/daemon.ts";
import { DIGITS, IMAGE, run, TestNetwork, type TestNode } from "./support/network.ts";

const INPUT = { ...IMAGE, name: "image" };

describe("A node with another one as its backend", () => {
  let network: TestNetwork;
  let nodes: readonly [cluster: TestNode, door: TestNode];
  let daemons: readonly [cluster: DaemonProcess, door: DaemonProcess];
  let expected: readonly Tensor[];
  before(async () => {
    network = await TestNetwork.start();
    const { versionId } = network;
    const versions = [{ id: versionId, name: "digits" }];
    const cluster = await network.addNode(1, { versions, serve: { free: true } });
    const backend = { kserve: cluster.url, models: { [versionId]: { name: "digits", version: "1.0" } } };
    const door = await network.addNode(2, { versions, serve: { free: true }, backend });
    nodes = [cluster, door];
    daemons = [new DaemonProcess(cluster), new DaemonProcess(door)];
    for (const daemon of daemons) {
      daemon.start();
      await daemon.ready(); // the backend is checked when a node starts
    }
    expected = await run(readFileSync(join(DIGITS, "digits.onnx")));
  });
  after(async () => {
    await Promise.all(daemons.map((daemon) => daemon.kill()));
    await network.stop();
  });
  const doctor = async () => {
    const { output, errors } = await opgNode("--data", nodes[1].folder, "doctor", "--json");
    assert.notEqual(output, "", errors);
    return JSON.parse(output) as Report;
  };
  const detail = ({ checks }: Report, name: string) => checks.find((check) => check.name === name)?.detail ?? "";

  it("answers calls with what ONNX Runtime gives there", async () => {
    const client = new OipClient({ url: nodes[1].url });
    const { versions, inputs } = await client.modelMetadata({ model: network.versionId });
    assert.deepEqual([versions, inputs], [["1.0"], [{ name: "image", datatype: "UINT8", shape: [1, 1, 8, 8] }]]);
    for (const form of ["binary", "json"] as const) {
      const { outputs, parameters } = await client.infer({ model: "digits", inputs: [INPUT], form });
      assert.deepEqual(outputs, [{ ...expected[0], name: "logits" }]);
      assert.equal(parameters.version_id, network.versionId);
    }
  });

  it("is found healthy, and its backend with it", async () => {
    const report = await doctor();
    assert.deepEqual(missing(report), []);
    assert.match(detail(report, "backend"), /^opg-node \d+\.\d+\.\d+ is ready$/);
    assert.match(detail(report, `version ${network.versionId.slice(0, 10)}`), /^runs here and on the backend alike/);
  });

  it("answers jobs on chain beside them", async () => {
    await network.serving(nodes);
    network.run();
    const { jobId } = await network.order();
    const { state, settlement } = await waitForResult(network.client, { jobId, pollingInterval: 100 });
    assert.deepEqual([state, settlement?.outputRoot], [JobState.Agreed, payloadRoot(expected)]);
    await network.pause();
  });

  it("asks to come again when its backend is gone, and says to its operator what is missing", async () => {
    assert.equal(await daemons[0].stop(), 0);
    const client = new OipClient({ url: nodes[1].url });
    await assert.rejects(client.infer({ model: "digits", inputs: [INPUT] }), (error) => {
      assert.ok(error instanceof OipStatusError);
      assert.deepEqual([error.status, error.retryAfter], [503, 1]);
      return true;
    });
    assert.equal(await client.isLive(), true);
    const report = await doctor();
    assert.deepEqual(missing(report), ["backend", `version ${network.versionId.slice(0, 10)}`]);
  });

  it("ends at once when nobody calls", async () => {
    assert.equal(await daemons[1].stop(), 0);
  });
});
