import { getAddress } from "ethers";
import type { Hono } from "hono";

import type { Connection } from "./chain/connect.ts";
import type { Config } from "./config/Config.ts";
import type { Admission } from "./door/Admission.ts";
import { Door } from "./door/Door.ts";
import type { Equipment } from "./Equipment.ts";
import { FreeAdmission } from "./door/FreeAdmission.ts";
import { type ModelName, Models } from "./door/Models.ts";
import type { Executor } from "./execute/Executor.ts";
import type { BackendCheck } from "./offer/BackendCheck.ts";
import { BackendPatrol } from "./offer/BackendPatrol.ts";
import type { Offers } from "./offer/Offers.ts";
import { SessionService } from "./sessions/SessionService.ts";

export interface ServiceModules {
  readonly equipment: Equipment;
  readonly offers: Offers;
  readonly executor: Executor;
  /** Of a backend elsewhere, where the operator has one. */
  readonly check: BackendCheck | undefined;
}

/** What a node does for whoever asks, apart from the chain, and what keeps that right. */
export class Service {
  private readonly closing = new AbortController();

  private constructor(
    /** Where calls of models come in, if any are to. */
    readonly door: Door | undefined,
    /** What is said about sessions, if any are to be opened. */
    readonly routes: Hono | undefined,
    /** Brings to their end also those of an operator who wants no more of them. */
    readonly sessions: SessionService,
    private readonly patrol: BackendPatrol | undefined,
  ) {}

  /** @param isReady Whether the rest of the node is. */
  static async init(config: Config, modules: ServiceModules, isReady: () => boolean): Promise<Service> {
    const { offers, equipment } = modules;
    const models = new Models(offers, await namesOf(config, offers, equipment.connection));
    const sessions = createSessions(config, modules);
    const takesCalls = config.versions.some((version) => version.sessions !== undefined);
    const free = config.serve.free ? new FreeAdmission(config.serve.anyone) : undefined;
    const admission = takesCalls ? sessions.admission(free) : free;
    const door = admission && openDoor(config, models, admission, modules, isReady);
    return new Service(door, takesCalls ? sessions.routes : undefined, sessions, createPatrol(config, modules));
  }

  /** Begins what goes on by itself. */
  start(): void {
    void this.patrol?.run(this.closing.signal);
  }

  /** Finishes the calls that are here. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.door?.close();
    await this.sessions.close();
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
  admission: Admission,
  { equipment, executor }: ServiceModules,
  isReady: () => boolean,
): Door {
  return new Door({ models, executor, admission, log: equipment.log }, serve, isReady);
}

function createSessions(config: Config, { equipment, offers }: ServiceModules): SessionService {
  const { book, connection, journal, log, sender, signer } = equipment;
  const modules = { client: connection.client, signer, book, offers, journal, sender, log };
  return new SessionService(modules, getAddress(config.node), config);
}

function createPatrol({ backend }: Config, modules: ServiceModules): BackendPatrol | undefined {
  const { check, equipment, offers } = modules;
  if (check === undefined || backend === "embedded") return undefined;
  return new BackendPatrol(check, offers, backend.checkMinutes * 60_000, equipment.log);
}
