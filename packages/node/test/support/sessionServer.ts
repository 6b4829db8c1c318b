/**
 * A node's door for sessions as a process that can be killed: the real book, table, admission and door, a model that gives
 * back its input or the digits model in ONNX Runtime, and a chain on which sessions are open. Who pays nothing is answered, too.
 *
 *   node test/support/sessionServer.ts FOLDER SESSIONS [echo|digits]
 */
import { join } from "node:path";

import { packSession, sessionIdOf } from "@opg-protocol/sdk";

import { Door } from "../../dist/door/Door.js";
import { FreeAdmission } from "../../dist/door/FreeAdmission.js";
import { Models } from "../../dist/door/Models.js";
import type { Executor } from "../../dist/execute/Executor.js";
import { RuntimeProcess } from "../../dist/execute/RuntimeProcess.js";
import { createLogger } from "../../dist/log.js";
import { HttpServer } from "../../dist/serve/HttpServer.js";
import { Consents } from "../../dist/sessions/Consents.js";
import { sessionRoutes } from "../../dist/sessions/sessionRoutes.js";
import { digitsIn, SETTINGS } from "./doors.ts";
import { ECHO, NODE, now, SessionBench, sessionWith, SIGNER, VERSION } from "./sessions.ts";

const [folder = "", count = "1", model = "echo"] = process.argv.slice(2);
const isDigits = model === "digits";
const bench = new SessionBench(folder, new FreeAdmission(true));
const { book, chain, admission } = bench;
for (let number = 1; number <= Number(count); number += 1) {
  const packed = packSession(sessionWith(number));
  const sessionId = sessionIdOf(chain.client, packed);
  if (book.find(sessionId) === undefined) await book.consent(sessionId, packed, now());
  chain.set(sessionId);
}
const store = join(folder, "artifacts");
const executable = isDigits ? { ...digitsIn(store), versionId: VERSION } : ECHO;
const models = new Models({ versions: () => [VERSION], executable: () => executable }, [
  { versionId: VERSION, name: model, release: [1, 0] },
]);
const log = createLogger("silent", false);
const echo: Executor = { run: (_, inputs) => Promise.resolve([...inputs]), close: () => Promise.resolve() };
const executor = isDigits ? new RuntimeProcess(store, { time: 10_000, memory: 1_024, queue: 64 }, log) : echo;
const door = new Door({ models, executor, admission, log }, SETTINGS, () => true);
const consents = new Consents({ client: chain.client, signer: SIGNER, book, offers: { offer: () => undefined } }, NODE);
const sessions = sessionRoutes(NODE, { client: chain.client, consents, book });
const server = await HttpServer.init("127.0.0.1", 0, () => true, { door, sessions });
process.stdout.write(`${server.url}\n`);
