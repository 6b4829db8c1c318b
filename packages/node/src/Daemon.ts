import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { unpackJob, type PackedJob } from "@opg-protocol/sdk";
import type { Executor as Tracer, Program } from "@opg-protocol/sdk/onnx";
import { getAddress, ZeroHash } from "ethers";

import { ArtifactStore } from "./artifacts/ArtifactStore.ts";
import { Fetcher } from "./artifacts/Fetcher.ts";
import type { Findings, Head, KnownJob } from "./chain/Chain.ts";
import { connect, type Connection } from "./chain/connect.ts";
import { inFolder, type Config } from "./config/Config.ts";
import { DemandKeeper } from "./disputes/DemandKeeper.ts";
import { GameKeeper } from "./disputes/GameKeeper.ts";
import { Runs } from "./disputes/Runs.ts";
import { Stories } from "./disputes/Stories.ts";
import type { Executor } from "./execute/Executor.ts";
import { RuntimeProcess } from "./execute/RuntimeProcess.ts";
import { Follower } from "./follow/Follower.ts";
import { Answerer } from "./jobs/Answerer.ts";
import { Inputs } from "./jobs/Inputs.ts";
import { JobKeeper } from "./jobs/JobKeeper.ts";
import { OfferKeeper } from "./jobs/OfferKeeper.ts";
import { Schedule } from "./jobs/Schedule.ts";
import { Seats } from "./jobs/Seats.ts";
import { Journal, type JournalJob } from "./journal/Journal.ts";
import { loadSecret, loadSigner } from "./keys/Keystore.ts";
import type { Logger } from "./log.ts";
import { Inspector } from "./offer/Inspector.ts";
import { Offers } from "./offer/Offers.ts";
import { SoleOffers } from "./offer/SoleOffers.ts";
import { Profile } from "./profile/Profile.ts";
import { Budget } from "./send/Budget.ts";
import { Sender } from "./send/Sender.ts";
import { OutputServer } from "./serve/OutputServer.ts";
import { OutputStore } from "./serve/OutputStore.ts";
import { writeStatus } from "./status/Status.ts";
import { Tasks } from "./tasks/Tasks.ts";

const ARTIFACTS = "artifacts";
const MIB = 1024 * 1024;
/** Seconds between looks at what the node offers, and until it is seen whether what was sent about it has worked. */
const MAINTENANCE_PERIOD = 60;
const VERIFICATION_PERIOD = 5;
const OUTPUT_AGE = 30 * 24 * 60 * 60 * 1000;
/** Stake thaws for at most 60 days, and all disputes about what it answers for end before. */
const INPUT_AGE = 60 * 24 * 60 * 60 * 1000;
/** How long the daemon waits after a failure of its provider before it looks again, milliseconds. */
const RETRY_DELAY = 2_000;

/** What tests and demonstrations may replace. */
export interface Replacements {
  /** Wraps the runtime. */
  readonly executor?: (runtime: Executor) => Executor;
  /** Makes the traces that are defended. */
  readonly tracer?: (program: Program) => Tracer;
}

/** One node: everything that an operator's machine does, put together and kept going. */
export class Daemon {
  private readonly busy = new Set<string>();
  private readonly startedAt = new Date();
  private nextMaintenance = 0;
  private isCaughtUp = false;

  private constructor(
    private readonly folder: string,
    private readonly config: Config,
    private readonly connection: Connection,
    private readonly journal: Journal,
    private readonly sender: Sender,
    private readonly budget: Budget,
    private readonly follower: Follower,
    private readonly schedule: Schedule,
    private readonly keeper: JobKeeper,
    private readonly tasks: Tasks,
    private readonly offers: Offers,
    private readonly soleOffers: SoleOffers,
    private readonly inputs: OutputStore,
    private readonly outputs: OutputStore,
    private readonly server: OutputServer,
    private readonly closers: readonly (() => unknown)[],
    private readonly log: Logger,
  ) {}

  /** Puts a node together, finishes what an earlier process had signed, and checks the versions that it is to offer. */
  static async init(
    folder: string,
    config: Config,
    log: Logger,
    signal: AbortSignal,
    replace: Replacements = {},
  ): Promise<Daemon> {
    const signer = await loadSigner(inFolder(folder, config.key.file), inFolder(folder, config.key.passwordFile));
    const connection = await connect(config);
    const { chain, client, provider, seedPeriod, witness } = connection;
    const { chainId } = client;
    const node = getAddress(config.node);
    const journal = Journal.open(join(folder, "journal.sqlite"), {
      chainId,
      market: config.addresses.market,
      node: config.node,
    });
    const budget = new Budget(journal, config.limits.gasPerDay);
    const sender = await Sender.init(provider, signer, journal, budget, log);

    const { fetcher, artifacts } = createArtifacts(folder, config);
    const runtime = createRuntime(folder, config, log);
    const executor = replace.executor?.(runtime) ?? runtime;

    const offers = new Offers(chain, journal, sender, config.offer, log);
    const profile = createProfile(folder, runtime);
    const kept = new OutputStore(join(folder, "inputs"));
    const runs = new Runs(chain, journal, artifacts, profile, kept, replace.tracer);
    await offerAll(config, new Inspector(chain, artifacts, runtime, profile), offers, log, signal);
    await learnAll(offers.versions(), connection, runs, signal);
    const outputs = new OutputStore(join(folder, "outputs"));
    const inputs = new Inputs(fetcher, config.limits.inputMiB * MIB);
    const answerer = new Answerer(inputs, executor, offers, outputs, kept, log);
    const seats = new Seats(chain, config.node);
    const secret = loadSecret(join(folder, "secret"));
    const keeper = new JobKeeper(
      { chain, witness, journal, sender, seats, answerer, offers, outputs, log },
      { node: config.node, secret, confirmations: config.chain.confirmations, seedPeriod },
    );
    const versions = new Set(config.versions.map(({ id }) => id));
    const sole = new Set(config.versions.filter(({ alone }) => alone !== undefined).map(({ id }) => id));
    const interest = { versions, offers: sole, node, account: signer.address, statements: false };
    const follower = new Follower(chain, journal, interest, config.chain.logRange, log);
    const stories = new Stories(folder, journal, log);
    const { confirmations } = config.chain;
    const onLost = (stepsRoot: string, gameId: string) => {
      const versionId = journal.versionOf(stepsRoot);
      if (versionId !== undefined) offers.quarantine(versionId, `game ${gameId} found what it stated false`);
    };
    const offering = { client, chain, witness, journal, sender, answerer, offers, outputs, log };
    const keepers = {
      offer: new OfferKeeper(offering, node, confirmations),
      game: new GameKeeper({ client, sender, runs, stories }, { node, confirmations, onLost }),
      demand: new DemandKeeper({ client, sender, stores: [kept, outputs], stories }, node),
    };
    const tasks = new Tasks(journal, keepers, stories, config.limits.jobs, log);
    const soleOffers = new SoleOffers(client, chain, runs, node, offers, journal, sender, config.offer, log);
    const schedule = new Schedule();
    for (const job of journal.openJobs()) schedule.add(job.jobId, chain.roundIds(fromJournal(job)));
    let daemon: Daemon | undefined = undefined;
    const server = await OutputServer.init(
      config.http.host,
      config.http.port,
      outputs,
      () => daemon?.isCaughtUp ?? false,
    );
    const closers = [
      () => server.close(),
      () => runtime.close(),
      () => fetcher.close(),
      () => {
        connection.close();
      },
      () => {
        journal.close();
      },
    ];
    daemon = new Daemon(
      folder,
      config,
      connection,
      journal,
      sender,
      budget,
      follower,
      schedule,
      keeper,
      tasks,
      offers,
      soleOffers,
      kept,
      outputs,
      server,
      closers,
      log,
    );
    log.info({ node: config.node, signer: signer.address, chainId: chainId.toString(), outputs: server.url }, "ready");
    return daemon;
  }

  get url(): string {
    return this.server.url;
  }

  /**
   * Follows the chain until the signal says stop.
   * @throws ConnectionLostError; a daemon that is put together anew goes on where this one was.
   */
  async run(signal: AbortSignal): Promise<void> {
    const moves = this.connection.moves(signal);
    while ((await moves.next()).done !== true) {
      try {
        await this.look(await this.connection.chain.head(), signal);
      } catch (error) {
        if (signal.aborted) break;
        this.isCaughtUp = false;
        this.log.warn({ error: messageOf(error) }, "could not follow the chain; tries again");
        await sleep(RETRY_DELAY, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Stops everything, in an order in which nothing that still runs misses what it needs. */
  async close(): Promise<void> {
    await this.sender.idle();
    for (const close of this.closers) await close();
  }

  /** What there is to do at a head of the chain. Jobs are tended side by side; one that is slow holds up no other. */
  private async look(head: Head, signal: AbortSignal): Promise<void> {
    await this.sender.review();
    for await (const news of this.follower.catchUp(head, this.firstBlock(head), signal)) {
      if (news === "reorganised") {
        this.schedule.hearAll();
        this.tasks.hearAll();
      } else this.note(news);
    }
    this.isCaughtUp = true;
    this.tasks.tendDue(head, signal);
    if (head.timestamp >= this.nextMaintenance) {
      const sent = [await this.offers.maintain(head), await this.soleOffers.maintain(head)];
      await this.outputs.prune(OUTPUT_AGE);
      await this.inputs.prune(INPUT_AGE);
      this.nextMaintenance = head.timestamp + (sent.includes(true) ? VERIFICATION_PERIOD : MAINTENANCE_PERIOD);
      this.report(head);
    }
    for (const jobId of this.schedule.due(head.timestamp)) {
      if (this.busy.size >= this.config.limits.jobs) break; // they stay due
      if (!this.busy.has(jobId)) void this.tend(jobId, head, signal);
    }
  }

  private report(head: Head): void {
    writeStatus(this.folder, {
      pid: process.pid,
      startedAt: this.startedAt.toISOString(),
      updatedAt: new Date().toISOString(),
      block: head.number,
      isCaughtUp: this.isCaughtUp,
      openJobs: this.schedule.size,
      offered: this.offers.versions(),
      quarantined: Object.fromEntries(this.journal.quarantined()),
      spent: this.budget.spent().toString(),
      url: this.url,
    });
  }

  private note(findings: Findings): void {
    const { jobs, touched } = findings;
    this.tasks.note(findings);
    for (const job of jobs) this.schedule.add(job.jobId, this.connection.chain.roundIds(job));
    this.schedule.hear(touched);
  }

  private async tend(jobId: string, head: Head, signal: AbortSignal): Promise<void> {
    const journaled = this.journal.openJob(jobId);
    if (journaled === undefined) {
      this.schedule.remove(jobId); // a reorganisation took it away
      return;
    }
    this.busy.add(jobId);
    this.schedule.begin(jobId);
    try {
      this.schedule.end(jobId, await this.keeper.tend(fromJournal(journaled), head, signal));
    } catch (error) {
      if (!signal.aborted) this.log.warn({ jobId, error: messageOf(error) }, "could not tend a job; tries again");
      this.schedule.end(jobId, head.timestamp + 1);
    } finally {
      this.busy.delete(jobId);
    }
  }

  /** Where the journal is new: jobs that were ordered before it cannot need this node any more. */
  private firstBlock(head: Head): number {
    return Math.max(0, head.number - this.config.chain.logRange);
  }
}

/** Where models are fetched to, and what fetches. */
export function createArtifacts(
  folder: string,
  { fetch, limits }: Pick<Config, "fetch" | "limits">,
): { fetcher: Fetcher; artifacts: ArtifactStore } {
  const store = join(folder, ARTIFACTS);
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const { gateways, fileRoots, allowPrivateHosts, seconds } = fetch;
  const fetcher = new Fetcher({ gateways, fileRoots, allowPrivateHosts, timeout: seconds * 1000 });
  return { fetcher, artifacts: new ArtifactStore(store, fetcher, limits.artifactMiB * MIB) };
}

/** The process in which those models run. */
export function createRuntime(folder: string, { limits }: Pick<Config, "limits">, log: Logger): RuntimeProcess {
  const { runSeconds, memoryMiB: memory, runs: queue } = limits;
  return new RuntimeProcess(join(folder, ARTIFACTS), { time: runSeconds * 1000, memory, queue }, log);
}

/** What is known of the profile where those models run. */
export const createProfile = (folder: string, runtime: Executor): Profile =>
  new Profile(join(folder, ARTIFACTS), runtime);

/** One version that cannot be offered does not keep the others from it; none at all is a mistake. */
async function offerAll(
  config: Config,
  inspector: Inspector,
  offers: Offers,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const failures: unknown[] = [];
  for (const version of config.versions) {
    try {
      offers.add(version, await inspector.inspect(version.id, signal));
      log.info({ versionId: version.id }, "offers a version");
    } catch (error) {
      signal.throwIfAborted();
      failures.push(error);
      log.error({ versionId: version.id, error: messageOf(error) }, "does not offer a version");
    }
  }
  if (failures.length === config.versions.length) throw new AggregateError(failures, "No version can be offered.");
}

/** Notes what statements about these versions are judged by, before any is made. */
async function learnAll(
  versionIds: readonly string[],
  { chain }: Connection,
  runs: Runs,
  signal: AbortSignal,
): Promise<void> {
  for (const versionId of versionIds) {
    const version = await chain.version(versionId);
    if (version !== undefined && version.identity.graphRoot !== ZeroHash) await runs.learn(versionId, version, signal);
  }
}

function fromJournal({ jobId, packed, input, blockNumber }: JournalJob): KnownJob {
  const job = JSON.parse(packed) as PackedJob;
  return { jobId, packed: job, job: unpackJob(job), input, blockNumber };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
