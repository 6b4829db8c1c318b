import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Executor as Tracer, Program } from "@opg-protocol/sdk/onnx";

import type { Signer } from "ethers";

import { ArtifactStore } from "./artifacts/ArtifactStore.ts";
import { Fetcher } from "./artifacts/Fetcher.ts";
import { connect, type Connection } from "./chain/connect.ts";
import { inFolder, type WatchConfig } from "./config/Config.ts";
import { Runs } from "./disputes/Runs.ts";
import { StatedOutputs } from "./disputes/StatedOutputs.ts";
import { Stories } from "./disputes/Stories.ts";
import type { Executor } from "./execute/Executor.ts";
import { KserveExecutor } from "./execute/KserveExecutor.ts";
import { RuntimeProcess } from "./execute/RuntimeProcess.ts";
import { Inputs } from "./jobs/Inputs.ts";
import { Journal } from "./journal/Journal.ts";
import { loadSecret, loadSigner } from "./keys/Keystore.ts";
import type { Logger } from "./log.ts";
import { Profile } from "./profile/Profile.ts";
import { Budget } from "./send/Budget.ts";
import { Sender } from "./send/Sender.ts";
import { OutputStore } from "./serve/OutputStore.ts";
import { SessionBook } from "./sessions/SessionBook.ts";

const ARTIFACTS = "artifacts";
const MIB = 1024 * 1024;

/** Whose data folder it is. */
export interface Owner {
  /** Undefined where the signer acts for itself. */
  readonly node: string | undefined;
  /** The contract with which it has to do. */
  readonly market: string;
}

/** What a daemon works with, whatever it looks after. All of it lies in its data folder, or is named by its configuration. */
export interface Equipment {
  /** Of the key that signs. */
  readonly account: string;
  /** Signs what the node states off chain. */
  readonly signer: Signer;
  /** From which salts are derived. */
  readonly secret: Uint8Array;
  readonly connection: Connection;
  readonly journal: Journal;
  readonly budget: Budget;
  readonly sender: Sender;
  readonly artifacts: ArtifactStore;
  readonly runtime: RuntimeProcess;
  readonly profile: Profile;
  /** Inputs of what was stated or challenged. */
  readonly kept: OutputStore;
  /** What was promised in sessions, with inputs and outputs. */
  readonly book: SessionBook;
  readonly runs: Runs;
  readonly inputs: Inputs;
  /** Outputs that others state. */
  readonly statedOutputs: StatedOutputs;
  readonly stories: Stories;
  readonly log: Logger;
  /** Stops everything, in an order in which nothing that still runs misses what it needs. */
  close(): Promise<void>;
}

/**
 * Puts a daemon's equipment together, and finishes what an earlier process had signed.
 * @param makeTracer Makes the traces that games are played with, where they are not to be true.
 */
export async function equip(
  folder: string,
  config: WatchConfig,
  owner: Owner,
  log: Logger,
  makeTracer?: (program: Program) => Tracer,
): Promise<Equipment> {
  const signer = await loadSigner(inFolder(folder, config.key.file), inFolder(folder, config.key.passwordFile));
  const account = signer.address;
  const node = owner.node ?? account;
  const connection = await connect({ ...config, node });
  const { chain, client, provider } = connection;
  const { market } = owner;
  const journal = Journal.open(join(folder, "journal.sqlite"), { chainId: client.chainId, market, node });
  const budget = new Budget(journal, config.limits.gasPerDay);
  const sender = await Sender.init(provider, signer, journal, budget, log);
  const { fetcher, artifacts } = createArtifacts(folder, config);
  const runtime = createRuntime(folder, config, log);
  const profile = createProfile(folder, runtime);
  const kept = new OutputStore(join(folder, "inputs"));
  const book = SessionBook.open(join(folder, "sessions.sqlite"));
  return {
    account,
    signer,
    secret: loadSecret(join(folder, "secret")),
    connection,
    journal,
    budget,
    sender,
    artifacts,
    runtime,
    profile,
    kept,
    book,
    runs: new Runs(chain, journal, artifacts, profile, kept, [book], makeTracer),
    inputs: new Inputs(fetcher, config.limits.inputMiB * MIB),
    statedOutputs: new StatedOutputs(client, fetcher, config.limits.inputMiB * MIB),
    stories: new Stories(folder, journal, log),
    log,
    async close() {
      await sender.idle();
      await runtime.close();
      await fetcher.close();
      connection.close();
      book.close();
      journal.close();
    },
  };
}

/** Where models are fetched to, and what fetches. */
export function createArtifacts(
  folder: string,
  { fetch, limits }: Pick<WatchConfig, "fetch" | "limits">,
): { fetcher: Fetcher; artifacts: ArtifactStore } {
  const store = join(folder, ARTIFACTS);
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const { gateways, fileRoots, allowPrivateHosts, seconds } = fetch;
  const fetcher = new Fetcher({ gateways, fileRoots, allowPrivateHosts, timeout: seconds * 1000 });
  return { fetcher, artifacts: new ArtifactStore(store, fetcher, limits.artifactMiB * MIB) };
}

/** The process in which those models run. */
export function createRuntime(folder: string, { limits }: Pick<WatchConfig, "limits">, log: Logger): RuntimeProcess {
  const { runSeconds, memoryMiB: memory, runs: queue } = limits;
  return new RuntimeProcess(join(folder, ARTIFACTS), { time: runSeconds * 1000, memory, queue }, log);
}

/** The server elsewhere on which versions run, if the operator has one. */
export function createBackend({
  backend,
  limits,
}: Pick<WatchConfig, "backend" | "limits">): KserveExecutor | undefined {
  if (backend === "embedded") return undefined;
  return new KserveExecutor(backend, { time: limits.runSeconds * 1000, queue: limits.runs });
}

/** What is known of the profile where those models run. */
export const createProfile = (folder: string, runtime: Executor): Profile =>
  new Profile(join(folder, ARTIFACTS), runtime);
