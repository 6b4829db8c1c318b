/**
 * Loaded into a daemon before anything else: says on the port WEIGH_PORT of this machine what its process holds, without what
 * nothing refers to any more.
 */
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What a process holds. */
export interface Weight {
  /** Resident, and of that what objects take. */
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** Open files, sockets and pipes. */
  readonly handles: number;
  readonly timers: number;
}

const FILES = "/proc/self/fd";
const MIB = 1024 * 1024;
const inMiB = (bytes: number): number => Math.round((10 * bytes) / MIB) / 10;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

async function weigh(): Promise<Weight> {
  for (let times = 0; times < 2; times += 1) {
    collect();
    await turn(); // what is called when an object is gone frees others
  }
  const { rss, heapUsed } = process.memoryUsage();
  return {
    rssMiB: inMiB(rss),
    heapMiB: inMiB(heapUsed),
    handles: readdirSync(FILES).length,
    timers: process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length,
  };
}

const server = createServer((_, response) => {
  response.setHeader("connection", "close");
  weigh().then(
    (weight) => response.end(JSON.stringify(weight)),
    () => response.destroy(),
  );
});
server.listen(Number(process.env.WEIGH_PORT), "127.0.0.1").unref();
