import { encodeBytes32String, id } from "ethers";

import { modelId } from "../../packages/sdk/src/codecs/model.ts";
import type { Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import { payloadRoot, type Statement, statementIdOf, type TracedRun, Transport } from "../../packages/sdk/src/index.ts";
import type { Program } from "../../packages/sdk/src/onnx/index.ts";
import { clientOf } from "./clients.ts";
import { disputable } from "./disputes.ts";
import { IDENTITY } from "./fixtures.ts";

/** A node and a challenger who play by the SDK. */
export async function players() {
  const suite = await disputable();
  const clients = {
    challenger: await clientOf(suite, suite.challenger),
    node: await clientOf(suite, suite.operator.signer),
  };
  return { ...suite, clients };
}

export type Players = Awaited<ReturnType<typeof players>>;

/** What a model is said to make of some inputs. */
interface Said {
  /** The publisher's name of the model. */
  readonly slug: string;
  readonly program: Program;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** Has the node state that. */
export async function state(suite: Players, { slug, program, inputs, outputs }: Said): Promise<Statement> {
  const { consumer: keeper, operator, publisher } = suite;
  const { profile, graphRoot } = program;
  const version = { ...IDENTITY, profile: encodeBytes32String(profile), graphRoot };
  const model = modelId(publisher.address, slug);
  const [inputRoot, outputRoot] = [payloadRoot(inputs), payloadRoot(outputs)];
  const jobId = id(outputRoot);
  const { node } = operator;
  const consumer = await keeper.getAddress();
  const transport = Transport.Direct;
  const made = { consumer, jobId, attempt: 0, modelId: model, version, inputRoot, node, outputRoot, transport };
  await keeper.state(jobId, statementIdOf(suite.clients.node, made), 1_000);
  return made;
}

/** Has the node state what a run of its own has made. */
export const stateRun = (suite: Players, { program, inputs, trace }: TracedRun): Promise<Statement> =>
  state(suite, { slug: "drawn", program, inputs, outputs: trace.outputs });
