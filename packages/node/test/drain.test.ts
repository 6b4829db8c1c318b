import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { OipClient } from "@opg-protocol/sdk/oip";

import type { Executor } from "../dist/execute/Executor.js";
import { RuntimeProcess } from "../dist/execute/RuntimeProcess.js";
import { createLogger } from "../dist/log.js";
import { DaemonProcess } from "./support/daemon.ts";
import { digitsIn, type OpenDoor, openDoor } from "./support/doors.ts";
import { DIGITS, eventually, IMAGE, run, TestNetwork, type TestNode } from "./support/network.ts";

describe("A node that is told to stop", () => {
  let network: TestNetwork;
  let node: TestNode;
  let daemon: DaemonProcess;
  let runtime: RuntimeProcess;
  let backend: OpenDoor;
  /** What runs on the backend wait for. */
  const pace: { until: Promise<void> | undefined; held: number } = { until: undefined, held: 0 };
  before(async () => {
    network = await TestNetwork.start();
    const { versionId } = network;
    const store = join(network.folder, "artifacts");
    runtime = new RuntimeProcess(store, { time: 30_000, memory: 1_000, queue: 8 }, createLogger("silent", false));
    const paced: Executor = {
      run: async (version, inputs) => {
        if (pace.until !== undefined) pace.held += 1;
        await pace.until;
        return runtime.run(version, inputs);
      },
      close: () => Promise.resolve(),
    };
    backend = await openDoor({ ...digitsIn(store), versionId }, paced);
    const models = { [versionId]: { name: versionId } };
    node = await network.addNode(1, { serve: { free: true }, backend: { kserve: backend.url, models } });
    daemon = new DaemonProcess(node);
    daemon.start();
    await daemon.ready();
  });
  after(async () => {
    await daemon.kill();
    await backend.close();
    await runtime.close();
    await network.stop();
  });

  it("finishes the calls that it has begun, begins no others, says so, and ends", async () => {
    const client = new OipClient({ url: node.url });
    const call = { model: network.versionId, inputs: [{ ...IMAGE, name: "image" }] };
    let release: () => void = () => undefined;
    pace.until = new Promise((resolve) => {
      release = resolve;
    });
    const begun = client.infer(call);
    await eventually("the call is run", () => Promise.resolve(pace.held === 1));
    const stopped = daemon.stop();
    await eventually("it takes no more", async () => !(await client.isReady()));
    assert.equal((await fetch(`${node.url}/readyz`)).status, 503);
    await assert.rejects(client.infer(call), { status: 503, retryAfter: 1 });
    release();
    const [expected] = await run(readFileSync(join(DIGITS, "digits.onnx")));
    assert.deepEqual((await begun).outputs, [{ ...expected, name: "logits" }]);
    assert.equal(await stopped, 0);
  });
});
