import { join } from "node:path";

import { unpackJob, type PackedJob } from "@opg-protocol/sdk";
import type { Executor as Tracer, Program } from "@opg-protocol/sdk/onnx";
import { getAddress, ZeroHash } from "ethers";

import type { Chain, Findings, Head, KnownJob } from "./chain/Chain.ts";
import type { Connection } from "./chain/connect.ts";
import type { Config } from "./config/Config.ts";
import { DemandKeeper } from "./disputes/DemandKeeper.ts";
import { GameKeeper } from "./disputes/GameKeeper.ts";
import type { Runs } from "./disputes/Runs.ts";
import { createBackend, equip, type Equipment } from "./Equipment.ts";
import { BackendExecutor } from "./execute/BackendExecutor.ts";
import type { Executor } from "./execute/Executor.ts";
import { Writer } from "./execute/Writer.ts";
import { HeadLoop } from "./follow/HeadLoop.ts";
import { Answerer } from "./jobs/Answerer.ts";
import { JobKeeper } from "./jobs/JobKeeper.ts";
import { OfferKeeper } from "./jobs/OfferKeeper.ts";
import { Schedule } from "./jobs/Schedule.ts";
import { Seats } from "./jobs/Seats.ts";
import type { Journal, JournalJob } from "./journal/Journal.ts";
import type { Logger } from "./log.ts";
import { BackendCheck } from "./offer/BackendCheck.ts";
import { Inspector } from "./offer/Inspector.ts";
import { Offers } from "./offer/Offers.ts";
import { SoleOffers } from "./offer/SoleOffers.ts";
import { Relays } from "./relay/Relays.ts";
import { OutputStore } from "./serve/OutputStore.ts";
import { Service } from "./Service.ts";
import { PriceOffers } from "./sessions/PriceOffers.ts";
import type { SessionFigures } from "./sessions/SessionKeeper.ts";
import { type OwnStatus, Reporter } from "./status/Reporter.ts";
import { Tasks } from "./tasks/Tasks.ts";

/** Seconds between looks at what the node offers, and until it is seen whether what was sent about it has worked. */
const MAINTENANCE_PERIOD = 60;
const VERIFICATION_PERIOD = 5;
const OUTPUT_AGE = 30 * 24 * 60 * 60 * 1000;
/** Stake thaws for at most 60 days, and all disputes about what it answers for end before. */
const INPUT_AGE = 60 * 24 * 60 * 60 * 1000;

/** What tests and demonstrations may replace. */
export interface Replacements {
  /** Wraps the runtime. */
  readonly executor?: (runtime: Executor) => Executor;
  /** Makes the traces that are defended. */
  readonly tracer?: (program: Program) => Tracer;
}

/** What is kept on chain as it is here. */
interface Standing {
  maintain(head: Head): Promise<boolean>;
}

/** One node: everything that an operator's machine does, put together and kept going. */
export class Daemon {
  private readonly busy = new Set<string>();
  private nextMaintenance = 0;

  private constructor(
    private readonly config: Config,
    private readonly equipment: Equipment,
    private readonly loop: HeadLoop,
    private readonly schedule: Schedule,
    private readonly keeper: JobKeeper,
    private readonly tasks: Tasks,
    private readonly offers: Offers,
    private readonly standing: readonly Standing[],
    private readonly outputs: OutputStore,
    private readonly service: Service,
    private readonly reporter: Reporter,
  ) {}

  /** Puts a node together, finishes what an earlier process had signed, and checks the versions that it is to offer. */
  static async init(
    folder: string,
    config: Config,
    log: Logger,
    signal: AbortSignal,
    replace: Replacements = {},
  ): Promise<Daemon> {
    const owner = { node: config.node, market: config.addresses.market };
    const equipment = await equip(folder, config, owner, log, replace.tracer);
    const { account, signer, secret, connection, journal, sender, artifacts, runtime, profile } = equipment;
    const { kept, runs, inputs, stories } = equipment;
    const { chain, client, seedPeriod, witness } = connection;
    const { confirmations } = config.chain;
    const node = getAddress(config.node);
    const backend = createBackend(config);
    const writer = new Writer(runtime, { time: config.limits.runSeconds * 1000, queue: config.limits.runs }, log);
    const standard = backend === undefined ? writer : new BackendExecutor(backend, writer);
    const executor = replace.executor?.(standard) ?? standard;
    const check = backend === undefined ? undefined : new BackendCheck(backend, runtime);

    const offers = new Offers(chain, journal, sender, config.offer, log);
    await offerAll(config, new Inspector(chain, artifacts, runtime, profile, log, check), offers, log, signal);
    await learnAll(offers.versions(), connection, runs, signal);
    const outputs = new OutputStore(join(folder, "outputs"));
    const answerer = new Answerer(inputs, executor, offers, outputs, kept, log);
    const seats = new Seats(chain, config.node);
    const relays = config.relays.length === 0 ? undefined : new Relays({ client, signer, log }, node, config.relays);
    const keeper = new JobKeeper(
      { chain, witness, journal, sender, seats, answerer, offers, outputs, relays, log },
      { node: config.node, secret, confirmations, seedPeriod },
    );
    const onLost = (stepsRoot: string, gameId: string) => {
      const versionId = journal.versionOf(stepsRoot);
      if (versionId !== undefined) offers.quarantine(versionId, `game ${gameId} found what it stated false`);
    };
    const offering = { client, chain, witness, journal, sender, answerer, offers, outputs, log };
    const keepers = {
      offer: new OfferKeeper(offering, { node, secret, confirmations }),
      game: new GameKeeper({ client, sender, runs, stories }, { node, confirmations, onLost }),
      demand: new DemandKeeper({ client, sender, stores: [kept, outputs, equipment.book], stories }, node),
    };
    const tasks = new Tasks(journal, keepers, stories, config.limits.jobs, log);
    const soleOffers = new SoleOffers(client, chain, runs, node, offers, journal, sender, config.offer, log);
    const schedule = new Schedule();
    scheduleAll(schedule, journal, chain);
    const versions = new Set(config.versions.map(({ id }) => id));
    const sole = new Set(config.versions.filter(({ alone }) => alone !== undefined).map(({ id }) => id));
    const interest = { versions, offers: sole, node, account, statements: false };
    const loop = new HeadLoop(equipment, interest, config.chain.logRange);
    const isCaughtUp = () => loop.isCaughtUp;
    const service = await Service.init(config, { equipment, offers, executor, check }, isCaughtUp);
    const reporter = await Reporter.init(folder, config, equipment, isCaughtUp, {
      outputs,
      door: service.door,
      sessions: service.routes,
    });
    log.info({ node, signer: account, chainId: client.chainId.toString(), outputs: reporter.url }, "ready");
    const asker = { node, account, publicUrl: config.serve.publicUrl };
    const prices = new PriceOffers({ client, offers, journal, sender, log }, asker, config.versions);
    const standing = [offers, soleOffers, service.sessions, prices];
    return new Daemon(config, equipment, loop, schedule, keeper, tasks, offers, standing, outputs, service, reporter);
  }

  get url(): string {
    return this.reporter.url;
  }

  /**
   * Follows the chain until the signal says stop.
   * @throws ConnectionLostError; a daemon that is put together anew goes on where this one was.
   */
  run(signal: AbortSignal): Promise<void> {
    const duties = {
      hearAll: () => {
        this.schedule.hearAll();
        scheduleAll(this.schedule, this.equipment.journal, this.equipment.connection.chain); // what was over may go on
        this.tasks.hearAll();
        this.service.sessions.hearAll();
      },
      note: (findings: Findings) => {
        this.note(findings);
      },
      tend: (head: Head) => this.tendDue(head, signal),
    };
    this.service.start();
    return this.loop.run(duties, signal);
  }

  async close(): Promise<void> {
    await this.service.close();
    await this.equipment.sender.idle();
    await this.reporter.close();
    await this.equipment.close();
  }

  /** What there is to do at a head of the chain. Jobs are tended side by side; one that is slow holds up no other. */
  private async tendDue(head: Head, signal: AbortSignal): Promise<void> {
    this.tasks.tendDue(head, signal);
    this.service.sessions.tend(head);
    if (head.timestamp >= this.nextMaintenance) {
      let hasSent = false;
      for (const kept of this.standing) if (await kept.maintain(head)) hasSent = true;
      await this.outputs.prune(OUTPUT_AGE, head.timestamp);
      await this.equipment.kept.prune(INPUT_AGE, head.timestamp);
      this.nextMaintenance = head.timestamp + (hasSent ? VERIFICATION_PERIOD : MAINTENANCE_PERIOD);
    }
    this.reporter.report(head, () => this.status(head));
    for (const jobId of this.schedule.due(head.timestamp)) {
      if (this.busy.size >= this.config.limits.jobs) break; // they stay due
      if (!this.busy.has(jobId)) void this.tend(jobId, head, signal);
    }
  }

  private status(head: Head): OwnStatus {
    const quarantined = Object.fromEntries(this.equipment.journal.quarantined());
    const sessions = statusOf(this.service.sessions.figures(head));
    return { node: { openJobs: this.schedule.size, offered: this.offers.versions(), quarantined, sessions } };
  }

  private note(findings: Findings): void {
    const { jobs, touched } = findings;
    this.tasks.note(findings);
    this.service.sessions.note(findings);
    for (const job of jobs) this.schedule.add(job.jobId, this.equipment.connection.chain.roundIds(job));
    this.schedule.hear(touched);
  }

  private async tend(jobId: string, head: Head, signal: AbortSignal): Promise<void> {
    const { journal, log } = this.equipment;
    const journaled = journal.openJob(jobId);
    if (journaled === undefined) {
      this.schedule.remove(jobId); // a reorganisation took it away
      return;
    }
    this.busy.add(jobId);
    this.schedule.begin(jobId);
    try {
      this.schedule.end(jobId, await this.keeper.tend(fromJournal(journaled), head, signal));
    } catch (error) {
      if (!signal.aborted) log.warn({ jobId, error: messageOf(error) }, "could not tend a job; tries again");
      this.schedule.end(jobId, head.timestamp + 1);
    } finally {
      this.busy.delete(jobId);
    }
  }
}

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

function scheduleAll(schedule: Schedule, journal: Journal, chain: Chain): void {
  for (const job of journal.openJobs()) schedule.add(job.jobId, chain.roundIds(fromJournal(job)));
}

const statusOf = ({ open, owed, pending, locked }: SessionFigures) => ({
  open,
  owed: owed.toString(),
  pending: pending.toString(),
  locked: locked.toString(),
});

function fromJournal({ jobId, packed, input, blockNumber }: JournalJob): KnownJob {
  const job = JSON.parse(packed) as PackedJob;
  return { jobId, packed: job, job: unpackJob(job), input, blockNumber };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
