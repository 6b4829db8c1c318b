import { type Tensor, TracedRun, type Version } from "@opg-protocol/sdk";
import { Executor, type Program, type StatedTensor } from "@opg-protocol/sdk/onnx";
import { getBytes, hexlify } from "ethers";

import type { ArtifactStore } from "../artifacts/ArtifactStore.ts";
import type { Chain } from "../chain/Chain.ts";
import type { Executable } from "../execute/Executor.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Profile } from "../profile/Profile.ts";
import { findPayload, type OutputStore, type PayloadSource } from "../serve/OutputStore.ts";

/** Traced runs that are kept, because the moves of a game follow each other. */
const MOST_RUNS = 4;

/** A version as disputes need it, and as the runtime does. */
export interface Learned {
  readonly executor: Executor;
  readonly executable: Executable;
}

/** What is asked for when a game has to be played. */
export interface Subject {
  readonly stepsRoot: string;
  readonly inputRoot: string;
  /** What was stated, for a version that reads it. */
  readonly outputRoot: string;
}

/**
 * Runs of versions that can be disputed, with their traces. All that a run is made of is on disk before a statement about it is
 * made or challenged: the artifact under its digest, the input under its root, and which version it was.
 */
export class Runs {
  private readonly executors = new Map<string, Executor>();
  private readonly recent = new Map<string, TracedRun>();

  constructor(
    private readonly chain: Pick<Chain, "version">,
    private readonly journal: Journal,
    private readonly artifacts: ArtifactStore,
    private readonly profile: Profile,
    private readonly inputs: OutputStore,
    /** Where inputs are besides. */
    private readonly others: readonly PayloadSource[],
    private readonly makeExecutor: (program: Program) => Executor = (program) => new Executor(program),
  ) {}

  /**
   * Makes sure that statements about a version can be played here, later and after any crash.
   * @throws ProfileError if it is none that a referee judges, or its artifact has another graph root.
   */
  async learn(versionId: string, version: Version, signal?: AbortSignal): Promise<Learned> {
    const { artifactDigest: digest, artifactSize, inputs, outputs } = version.identity;
    const path = await this.artifacts.path({ digest, size: Number(artifactSize), uris: version.uris }, signal);
    const executor = this.makeExecutor(await this.profile.program(version.identity, path));
    this.journal.putProgram(executor.program.stepsRoot, versionId);
    this.executors.set(executor.program.stepsRoot, executor);
    return { executor, executable: { versionId, path, digest, inputs, outputs } };
  }

  /** Keeps an input, or an output that is stated here, for as long as the statement can be disputed. */
  async keep(payload: readonly Tensor[]): Promise<void> {
    await this.inputs.put(payload);
  }

  /** Keeps an output that somebody else states, as much of it as there is. */
  async keepStated(root: string, tensors: readonly StatedTensor[]): Promise<void> {
    if (tensors.length > 0 && tensors.every(isWhole)) await this.inputs.put(tensors);
    else this.journal.putMisfit(root, JSON.stringify(tensors, bytesToHex));
  }

  /** The input or stated output with this root, if it was kept whole. */
  payload(root: string): Promise<Tensor[] | undefined> {
    return findPayload([this.inputs, ...this.others], root);
  }

  /** The run that a game is about. */
  async of(subject: Subject, signal?: AbortSignal): Promise<TracedRun> {
    const key = `${subject.stepsRoot}/${subject.inputRoot}/${subject.outputRoot}`;
    const known = this.recent.get(key);
    if (known !== undefined) return known;
    const executor = await this.executor(subject.stepsRoot, signal);
    const input = await this.payload(subject.inputRoot);
    if (input === undefined) throw new Error(`The input ${subject.inputRoot} is not here.`);
    const stated = executor.program.stated.length === 0 ? [] : await this.stated(subject.outputRoot);
    const run = new TracedRun(executor, input, stated);
    const [oldest] = this.recent.keys();
    if (this.recent.size >= MOST_RUNS && oldest !== undefined) this.recent.delete(oldest);
    this.recent.set(key, run);
    return run;
  }

  private async stated(root: string): Promise<readonly StatedTensor[]> {
    const payload = await this.payload(root);
    if (payload !== undefined) return payload;
    const misfit = this.journal.misfit(root);
    if (misfit === undefined) throw new Error(`The output ${root} is not here.`);
    return JSON.parse(misfit, hexToBytes) as StatedTensor[];
  }

  private async executor(stepsRoot: string, signal?: AbortSignal): Promise<Executor> {
    const known = this.executors.get(stepsRoot);
    if (known !== undefined) return known;
    const versionId = this.journal.versionOf(stepsRoot);
    const version = versionId === undefined ? undefined : await this.chain.version(versionId);
    if (versionId === undefined || version === undefined)
      throw new Error(`No version with steps ${stepsRoot} is known.`);
    return (await this.learn(versionId, version, signal)).executor;
  }
}

const isWhole = (tensor: StatedTensor): tensor is Tensor => "data" in tensor;

const bytesToHex = (key: string, value: unknown): unknown => (key === "data" ? hexlify(value as Uint8Array) : value);
const hexToBytes = (key: string, value: unknown): unknown => (key === "data" ? getBytes(value as string) : value);
