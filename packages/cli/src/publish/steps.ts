import {
  type Call,
  type Client,
  NotFoundError,
  ProtocolError,
  type ReleaseVersionParameters,
  admitVersion,
  decodeSuiteError,
  getModel,
  getVersion,
  isAdmitted,
  modelId,
  registerModel,
  releaseVersion,
  versionId,
} from "@opg-protocol/sdk";
import type { Program } from "@opg-protocol/sdk/onnx";
import { type JsonRpcApiProvider, isError } from "ethers";
import { z } from "zod";

import { UnpublishableError } from "./identity.ts";

/** What is to be published, by whom. */
export interface Publication {
  readonly slug: string;
  readonly royalty: bigint;
  readonly version: Omit<ReleaseVersionParameters, "modelId">;
  readonly program: Program | undefined;
}

/** One transaction that is still to be sent. */
export interface Step {
  readonly does: string;
  readonly call: Call;
  /** Undefined where the chain cannot tell before the step before it. */
  readonly gas?: bigint | undefined;
  /** Sends it from the client's account, waits, and gives the transaction's hash. */
  readonly send: (client: Client) => Promise<string>;
}

/** What is there already, and what is left to do. */
export interface Plan {
  readonly modelId: string;
  readonly versionId: string;
  /** OPG in base units that each inference pays: of a model that is there already, what it asks now. */
  readonly royalty: bigint;
  readonly steps: readonly Step[];
}

/**
 * What has to be sent to publish; what an earlier try has sent is left out.
 * @throws UnpublishableError if the model belongs to somebody else, or the version was released with other words.
 */
export async function planSteps(client: Client, publisher: string, publication: Publication): Promise<Plan> {
  const { slug, royalty, version, program } = publication;
  const model = modelId(publisher, slug);
  const id = versionId(model, version.identity);
  const known = await orUndefined(getModel(client, { modelId: model }));
  if (known !== undefined && known.owner !== publisher)
    throw new UnpublishableError(`The model ${slug} of ${publisher} was given to ${known.owner}: choose another slug.`);
  const [released, admitted] = await Promise.all([
    orUndefined(getVersion(client, { versionId: id })),
    isAdmitted(client, { versionId: id }),
  ]);
  const isReleased = checkSame(released?.release, version.release);

  const registration = { slug, royalty };
  const release = { modelId: model, ...version };
  const { addresses } = client;
  const steps: Step[] = [];
  if (known === undefined)
    steps.push({
      does: `register the model ${slug}`,
      call: registerModel.call(addresses, registration),
      send: async (sender) => (await registerModel(sender, registration)).transactionHash,
    });
  if (!isReleased)
    steps.push({
      does: `release version ${version.release.major}.${version.release.minor}`,
      call: releaseVersion.call(addresses, release),
      send: async (sender) => (await releaseVersion(sender, release)).transactionHash,
    });
  if (program !== undefined && !admitted) {
    const admission = { modelId: model, identity: version.identity, program };
    steps.push({
      does: "admit it to disputes, so that one node can answer alone",
      call: admitVersion.call(addresses, admission),
      send: async (sender) => (await admitVersion(sender, admission)).transactionHash,
    });
  }
  return { modelId: model, versionId: id, royalty: known?.royalty ?? royalty, steps };
}

/** Whether a version is released. Its words are final: another licence or place would not be published at all. */
function checkSame(
  known: ReleaseVersionParameters["release"] | undefined,
  given: ReleaseVersionParameters["release"],
): boolean {
  if (known === undefined) return false;
  const different = Object.entries(given).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(Object.entries(known).find(([k]) => k === field)?.[1]),
  );
  if (different.length > 0)
    throw new UnpublishableError(
      `This file is released already, with another ${different.map(([field]) => field).join(", ")}: that is final. Places can be added with addMirror.`,
    );
  return true;
}

async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

const quantity = z.string().regex(/^0x[0-9a-f]+$/i);
const simulated = z.array(
  z.object({ calls: z.array(z.object({ status: quantity, gasUsed: quantity, returnData: z.string() })) }),
);

/**
 * Adds to each step the gas that it will take. Steps follow one another, so this takes a chain that simulates several calls
 * (`eth_simulateV1`); of others only the first is known.
 * @throws ProtocolError if a step would be refused.
 */
export async function estimate(
  provider: JsonRpcApiProvider,
  from: string,
  steps: readonly Step[],
): Promise<readonly Step[]> {
  const calls = steps.map(({ call: { to, data } }) => ({ from, to, input: data }));
  let answer: unknown;
  try {
    answer = await provider.send("eth_simulateV1", [{ blockStateCalls: [{ calls }] }, "latest"]);
  } catch (error) {
    if (!isError(error, "UNKNOWN_ERROR") && !isError(error, "UNSUPPORTED_OPERATION")) throw error;
    return estimateFirst(provider, from, steps);
  }
  const results = simulated.parse(answer).flatMap(({ calls: made }) => made);
  return steps.map((step, i) => {
    const result = results[i];
    if (result === undefined) throw new Error(`The chain has simulated ${results.length} of ${steps.length} calls.`);
    if (BigInt(result.status) === 1n) return { ...step, gas: BigInt(result.gasUsed) };
    const decoded = decodeSuiteError(result.returnData);
    if (decoded !== undefined) throw new ProtocolError(decoded, result);
    throw new UnpublishableError(`The chain would refuse to ${step.does}: ${result.returnData}`);
  });
}

async function estimateFirst(
  provider: JsonRpcApiProvider,
  from: string,
  [first, ...others]: readonly Step[],
): Promise<readonly Step[]> {
  if (first === undefined) return [];
  const gas = await provider.estimateGas({ from, ...first.call }).catch((error: unknown) => {
    const decoded = decodeSuiteError(error);
    throw decoded === undefined ? error : new ProtocolError(decoded, error);
  });
  return [{ ...first, gas }, ...others];
}
