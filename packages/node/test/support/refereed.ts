/** A model that a referee judges, on a test network, and nodes and others who lie about it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import {
  depositOptimistic,
  encodePayload,
  type OfferedJob,
  payloadRoot,
  registerModel,
  releaseVersion,
  requestOptimistic,
  type RequestOptimisticParameters,
  type Tensor,
  type TensorSpec,
  TracedRun,
} from "@opg-protocol/sdk";
import { compile, Executor, type Program } from "@opg-protocol/sdk/onnx";
import { encodeBytes32String, hexlify, parseEther } from "ethers";

import { loadConfig } from "../../dist/config/Config.js";
import { Daemon } from "../../dist/Daemon.js";
import type { Executor as Runtime } from "../../dist/execute/Executor.js";
import { createLogger } from "../../dist/log.js";
import { eventually, sha256, type TestNetwork, type TestNode } from "./network.ts";
import { identityModel } from "./onnx.ts";

const DTYPE = 2;
const SHAPE = [1, 8, 20, 20];
/** A model whose inner tensors have 400 words: more than a node lays down at once. */
const FILE = identityModel(DTYPE, SHAPE);
export const PROGRAM = compile(FILE);
/** The step between the two that bring input and output into their layouts. */
const INNER = 1;

/** A model of bytes that a referee judges. */
export interface RefereedModel {
  readonly slug: string;
  readonly file: Uint8Array;
  /** Of its input and of its output. */
  readonly shape: readonly number[];
}

const WIDE: RefereedModel = { slug: "wide", file: FILE, shape: SHAPE };

/** An input that differs from job to job. */
export const image = (seed: number, shape: readonly number[] = SHAPE): Tensor => ({
  dtype: DTYPE,
  shape,
  data: Uint8Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => (i * 7 + seed) & 255),
});

/** Adds one to the last element of a step; what follows is computed from that. */
export class LyingExecutor extends Executor {
  readonly #step: number;

  constructor(program: Program, step: number) {
    super(program);
    this.#step = step;
  }

  override *tensors(...given: Parameters<Executor["tensors"]>): ReturnType<Executor["tensors"]> {
    for (const [step, words] of super.tensors(...given)) {
      const last = words.length - 32;
      if (step === this.#step) words[last] = (words[last] ?? 0) + 1;
      yield [step, words];
    }
  }
}

/** What makes a daemon lie, and defend its lie. */
export interface Lie {
  readonly tracer: (program: Program) => Executor;
  readonly executor: (runtime: Runtime) => Runtime;
}

const LIE: Lie = {
  tracer: (program) => new LyingExecutor(program, INNER),
  executor: (runtime) => ({
    run: (_version, inputs) => Promise.resolve(new LyingExecutor(PROGRAM, INNER).run(inputs)),
    close: () => runtime.close(),
  }),
};

/** Daemons in this process that lie until they are found out, and then serve no more. */
export class Liars {
  readonly #stop = new AbortController();
  readonly #daemons: Daemon[] = [];
  readonly #running: Promise<void>[] = [];

  async start({ folder }: TestNode, lie = LIE): Promise<void> {
    const { signal } = this.#stop;
    const daemon = await Daemon.init(folder, loadConfig(folder), createLogger("silent", false), signal, lie);
    this.#daemons.push(daemon);
    this.#running.push(daemon.run(signal));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
    for (const daemon of this.#daemons.splice(0)) await daemon.close();
  }
}

/** A trace with that lie, and the true one. */
export const falseRun = (seed: number): TracedRun => new TracedRun(new LyingExecutor(PROGRAM, INNER), [image(seed)]);
export const trueRun = (seed: number): TracedRun => new TracedRun(new Executor(PROGRAM), [image(seed)]);
export const trueRoot = (seed: number): string => payloadRoot(new Executor(PROGRAM).run([image(seed)]));

/** Publishes a model of one input and one output; gives the version's id. */
export function publishRefereed(network: TestNetwork, { slug, file, shape } = WIDE): Promise<string> {
  const program = compile(file);
  const inputs = [image(0, shape)];
  return publishProgram(network, slug, file, program, { inputs, outputs: new Executor(program).run(inputs) });
}

/** Publishes a compiled model with a golden vector; gives the version's id. */
export async function publishProgram(
  { client, folder }: TestNetwork,
  slug: string,
  file: Uint8Array,
  program: Program,
  golden: { readonly inputs: readonly Tensor[]; readonly outputs: readonly Tensor[] },
): Promise<string> {
  const path = join(folder, `${slug}.onnx`);
  writeFileSync(path, file);
  const metadata = Buffer.from(JSON.stringify({ golden: { input: hexlify(encodePayload(golden.inputs)) } }));
  const metadataPath = join(folder, `${slug}.json`);
  writeFileSync(metadataPath, metadata);
  const { modelId } = await registerModel(client, { slug });
  const { versionId } = await releaseVersion(client, {
    modelId,
    identity: {
      artifactDigest: sha256(file),
      artifactSize: BigInt(file.length),
      format: "onnx",
      inputs: program.inputs.map(specOf),
      outputs: program.outputs.map(specOf),
      profile: encodeBytes32String(program.profile),
      graphRoot: program.graphRoot,
    },
    release: {
      major: 1,
      minor: 0,
      goldenInputRoot: payloadRoot(golden.inputs),
      goldenOutputRoot: payloadRoot(golden.outputs),
      licence: "MIT",
      uris: [pathToFileURL(path).href],
      metadataURI: pathToFileURL(metadataPath).href,
      metadataHash: sha256(metadata),
    },
  });
  await depositOptimistic(client, { amount: parseEther("10000") });
  return versionId;
}

const specOf = ({ name, dtype, shape }: TensorSpec) => ({ name, dtype, shape });

/** What a node's configuration says to answer for the version by itself. */
export const answersAlone = (id: string, { audits = false } = {}) => ({
  versions: [{ id, maxLock: "5000", alone: { maxLock: "500", floorPrice: "0.5", audits } }],
});

/** Orders a run of one node. */
export function orderAlone(
  { client }: TestNetwork,
  versionId: string,
  seed: number,
  changes: Partial<RequestOptimisticParameters> = {},
): Promise<OfferedJob> {
  return requestOptimistic(client, {
    versionId,
    input: { tensors: [image(seed)] },
    price: parseEther("1"),
    answerPeriod: 60,
    windowPeriod: 90,
    ...changes,
  });
}

/** Waits until nodes answer for a version by themselves. From then on blocks come by `tick` and `run` alone. */
export async function servingAlone(network: TestNetwork, versionId: string, nodes: readonly TestNode[]): Promise<void> {
  await eventually("all nodes serve", async () => {
    await network.provider.send("evm_mine", []);
    const locks = await Promise.all(
      nodes.map(({ node }) => network.client.optimistic.servingOf(node, versionId).then(({ maxLock }) => maxLock)),
    );
    return locks.every((lock) => lock > 0n);
  });
  await network.provider.send("evm_setAutomine", [false]);
}
