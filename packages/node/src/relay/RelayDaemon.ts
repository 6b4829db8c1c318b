import { join } from "node:path";

import type { Hono } from "hono";

import { connect, type Connection } from "../chain/connect.ts";
import { inFolder, type WatchConfig } from "../config/Config.ts";
import { atEachHead } from "../follow/HeadLoop.ts";
import { Journal } from "../journal/Journal.ts";
import { loadSigner } from "../keys/Keystore.ts";
import type { Logger } from "../log.ts";
import { Budget } from "../send/Budget.ts";
import { Sender } from "../send/Sender.ts";
import { HttpServer } from "../serve/HttpServer.ts";
import { Bringer } from "./Bringer.ts";
import { Collector } from "./Collector.ts";
import { serveRelay } from "./serveRelay.ts";

/** Posts for nodes, and brings for requesters, what they have signed. Needs no node and no stake: only a key with coin for gas. */
export class RelayDaemon {
  private constructor(
    private readonly connection: Connection,
    private readonly journal: Journal,
    private readonly sender: Sender,
    private readonly collector: Collector,
    private readonly server: HttpServer,
    private readonly log: Logger,
  ) {}

  /** Puts a relayer together, and finishes what an earlier process had signed. */
  static async init(folder: string, config: WatchConfig, log: Logger): Promise<RelayDaemon> {
    const { key, http, limits, addresses, orders } = config;
    const signer = await loadSigner(inFolder(folder, key.file), inFolder(folder, key.passwordFile));
    const account = signer.address;
    const connection = await connect({ ...config, node: account });
    const { client, chain, provider } = connection;
    const owner = { chainId: client.chainId, market: addresses.relay, node: account };
    const journal = Journal.open(join(folder, "journal.sqlite"), owner);
    const sender = await Sender.init(provider, signer, journal, new Budget(journal, limits.gasPerDay), log);
    const collector = new Collector({ client, sender, head: () => chain.head(), log });
    const extend = (app: Hono) => {
      serveRelay(app, collector, orders && new Bringer({ client, sender, log }, { account, ...orders }), log);
    };
    const server = await HttpServer.init(http.host, http.port, () => true, { extend });
    log.info({ account, chainId: client.chainId.toString(), url: server.url }, "relays");
    return new RelayDaemon(connection, journal, sender, collector, server, log);
  }

  get url(): string {
    return this.server.url;
  }

  /**
   * Follows the chain until the signal says stop.
   * @throws ConnectionLostError; what was not posted is lost then, and the nodes send it themselves.
   */
  run(signal: AbortSignal): Promise<void> {
    return atEachHead(
      this.connection,
      signal,
      async (head) => {
        await this.sender.review();
        await this.collector.tend(head);
      },
      (error) => {
        this.log.warn({ error: String(error) }, "could not look at the chain; tries again");
      },
    );
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.sender.idle();
    this.connection.close();
    this.journal.close();
  }
}
