import { parseEther } from "ethers";

import { encodePayload, payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import type { Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import {
  CallbackRecorder__factory,
  GasBurner__factory,
  ReentrantCallback__factory,
  ReturnBomb__factory,
} from "../../typechain-types/index.ts";
import { servedByThree, type Served } from "./fixtures.ts";
import { all, TestJob } from "./jobs.ts";

export const TIP = parseEther("0.5");
export const CALLBACK_GAS = 300_000;

/** What the model says: two scores. */
export const OUTPUT: readonly Tensor[] = [{ dtype: 1, shape: [2], data: new Uint8Array([0, 0, 128, 63, 0, 0, 0, 64]) }];
export const PAYLOAD = encodePayload(OUTPUT);
export const OUTPUT_ROOT = payloadRoot(OUTPUT);

/** Nodes, and one contract of each kind that can receive results. */
export async function withCallbacks() {
  const suite = await servedByThree();
  const { stranger } = suite;
  return {
    ...suite,
    recorder: await new CallbackRecorder__factory(stranger).deploy(),
    burner: await new GasBurner__factory(stranger).deploy(),
    reentrant: await new ReentrantCallback__factory(stranger).deploy(),
    bomb: await new ReturnBomb__factory(stranger).deploy(false),
    revertingBomb: await new ReturnBomb__factory(stranger).deploy(true),
  };
}

/** A job on whose output two nodes agreed, with its result to be delivered to `callback`. */
export async function settledFor(suite: Served, callback: string, callbackGas = CALLBACK_GAS): Promise<TestJob> {
  const job = await (await TestJob.request(suite, { callback, callbackGas, deliveryTip: TIP })).open();
  const seats = suite.nodes.slice(0, 2);
  await job.answer(all(seats, OUTPUT_ROOT));
  await job.settle(seats);
  return job;
}
