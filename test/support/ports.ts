import { once } from "node:events";
import { createServer } from "node:net";

const HOST = "127.0.0.1";
/** Below where systems take the ports of outgoing connections from: none of those can take one before it is listened to. */
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** The first of `count` ports in a row that nothing listens to. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - count));
    const ports = Array.from({ length: count }, (_, i) => first + i);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, HOST);
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
