import type { Head } from "../chain/Chain.ts";
import type { WatchConfig } from "../config/Config.ts";
import type { Equipment } from "../Equipment.ts";
import { HttpServer, type Served } from "../serve/HttpServer.ts";
import { type Status, writeStatus } from "./Status.ts";

/** Seconds between two reports. */
const PERIOD = 60;

/** What only one kind of daemon has to say. */
export type OwnStatus = Pick<Status, "node" | "watcher">;

/** Says how a daemon fares: over HTTP, and once a minute in a file. */
export class Reporter {
  private readonly startedAt = new Date();
  private nextAt = 0;

  private constructor(
    private readonly folder: string,
    private readonly equipment: Pick<Equipment, "account" | "journal" | "budget">,
    private readonly isCaughtUp: () => boolean,
    private readonly server: HttpServer,
  ) {}

  static async init(
    folder: string,
    { http }: Pick<WatchConfig, "http">,
    equipment: Pick<Equipment, "account" | "journal" | "budget">,
    isCaughtUp: () => boolean,
    served?: Served,
  ): Promise<Reporter> {
    const server = await HttpServer.init(http.host, http.port, isCaughtUp, served);
    return new Reporter(folder, equipment, isCaughtUp, server);
  }

  get url(): string {
    return this.server.url;
  }

  /** To be called at each head: writes the file when it is time. */
  report(head: Head, own: () => OwnStatus): void {
    if (head.timestamp < this.nextAt) return;
    this.nextAt = head.timestamp + PERIOD;
    const { account, journal, budget } = this.equipment;
    const openTasks = { offer: 0, statement: 0, game: 0, demand: 0 };
    for (const { kind } of journal.openTasks()) openTasks[kind] += 1;
    writeStatus(this.folder, {
      pid: process.pid,
      startedAt: this.startedAt.toISOString(),
      updatedAt: new Date().toISOString(),
      account,
      block: head.number,
      isCaughtUp: this.isCaughtUp(),
      openTasks,
      spent: budget.spent().toString(),
      url: this.url,
      ...own(),
    });
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
