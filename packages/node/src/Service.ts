import type { Connection } from "./chain/connect.ts";
import type { Config } from "./config/Config.ts";
import { Door } from "./door/Door.ts";
import { FreeAdmission } from "./door/FreeAdmission.ts";
import { type ModelName, Models } from "./door/Models.ts";
import type { Executor } from "./execute/Executor.ts";
import type { Logger } from "./log.ts";
import type { BackendCheck } from "./offer/BackendCheck.ts";
import { BackendPatrol } from "./offer/BackendPatrol.ts";
import type { Offers } from "./offer/Offers.ts";

export interface ServiceModules {
  readonly connection: Connection;
  readonly offers: Offers;
  readonly executor: Executor;
  /** Of a backend elsewhere, where the operator has one. */
  readonly check: BackendCheck | undefined;
  readonly log: Logger;
}

/** What a node does for whoever asks, apart from the chain, and what keeps that right. */
export class Service {
  private readonly closing = new AbortController();

  private constructor(
    /** Where calls of models come in, if any are to. */
    readonly door: Door | undefined,
    private readonly patrol: BackendPatrol | undefined,
  ) {}

  /** @param isReady Whether the rest of the node is. */
  static async init(config: Config, modules: ServiceModules, isReady: () => boolean): Promise<Service> {
    const { connection, offers, log } = modules;
    const models = new Models(offers, await namesOf(config, offers, connection));
    return new Service(openDoor(config, models, modules, isReady), createPatrol(config, modules.check, offers, log));
  }

  /** Begins what goes on by itself. */
  start(): void {
    void this.patrol?.run(this.closing.signal);
  }

  /** Finishes the calls that are here. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.door?.close();
  }
}

/** How callers can name what is offered. */
async function namesOf(config: Config, offers: Offers, { chain }: Connection): Promise<readonly ModelName[]> {
  const names: ModelName[] = [];
  for (const { id: versionId, name } of config.versions) {
    const version = offers.offer(versionId) === undefined ? undefined : await chain.version(versionId);
    if (version === undefined) continue;
    const { major, minor } = version.release;
    names.push({ versionId, name, release: [major, minor] });
  }
  return names;
}

function openDoor(
  { serve }: Config,
  models: Models,
  { executor, log }: ServiceModules,
  isReady: () => boolean,
): Door | undefined {
  if (!serve.free) return undefined;
  return new Door({ models, executor, admission: new FreeAdmission(serve.anyone), log }, serve, isReady);
}

function createPatrol(
  { backend }: Config,
  check: BackendCheck | undefined,
  offers: Offers,
  log: Logger,
): BackendPatrol | undefined {
  if (check === undefined || backend === "embedded") return undefined;
  return new BackendPatrol(check, offers, backend.checkMinutes * 60_000, log);
}
