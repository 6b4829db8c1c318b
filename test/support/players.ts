import { encodeBytes32String, id } from "ethers";

import { modelId } from "../../packages/sdk/src/codecs/model.ts";
import { payloadRoot, type Statement, statementIdOf, type TracedRun, Transport } from "../../packages/sdk/src/index.ts";
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

/** What the node says of the input of a run. */
export async function stateRun(suite: Awaited<ReturnType<typeof players>>, run: TracedRun): Promise<Statement> {
  const { consumer: keeper, operator, publisher } = suite;
  const { profile, graphRoot } = run.program;
  const version = { ...IDENTITY, profile: encodeBytes32String(profile), graphRoot };
  const model = modelId(publisher.address, "drawn");
  const [inputRoot, outputRoot] = [payloadRoot(run.inputs), payloadRoot(run.trace.outputs)];
  const jobId = id(outputRoot);
  const { node } = operator;
  const consumer = await keeper.getAddress();
  const transport = Transport.Direct;
  const made = { consumer, jobId, attempt: 0, modelId: model, version, inputRoot, node, outputRoot, transport };
  await keeper.state(jobId, statementIdOf(suite.clients.node, made), 1_000);
  return made;
}
