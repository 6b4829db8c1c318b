/** A door that tests call over HTTP, with what they give it behind. */
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { id } from "ethers";

import type { Config } from "../../dist/config/Config.js";
import type { Admission } from "../../dist/door/Admission.js";
import { Door } from "../../dist/door/Door.js";
import { FreeAdmission } from "../../dist/door/FreeAdmission.js";
import { Models } from "../../dist/door/Models.js";
import type { Executable, Executor } from "../../dist/execute/Executor.js";
import { createLogger } from "../../dist/log.js";
import { HttpServer } from "../../dist/serve/HttpServer.js";
import { DIGITS, sha256 } from "./network.ts";

type Settings = Config["serve"];

export const SETTINGS: Settings = {
  free: true,
  anyone: false,
  requestMiB: 0.01,
  calls: 64,
  callsPerCaller: 64,
  runs: 2,
  seconds: 30,
  drainSeconds: 30,
};

export interface OpenDoor {
  readonly url: string;
  readonly door: Door;
  close(): Promise<void>;
}

/** What a node with one version would open, under the id of that version and the name `digits`. */
export async function openDoor(
  executable: Executable,
  executor: Executor,
  changes: Partial<Settings> = {},
  admission: Admission = new FreeAdmission(false),
  isNodeReady = () => true,
): Promise<OpenDoor> {
  const { versionId } = executable;
  const offers = { versions: () => [versionId], executable: () => executable };
  const models = new Models(offers, [{ versionId, name: "digits", release: [1, 0] }]);
  const log = createLogger("silent", false);
  const door = new Door({ models, executor, admission, log }, { ...SETTINGS, ...changes }, isNodeReady);
  const server = await HttpServer.init("127.0.0.1", 0, isNodeReady, { door });
  return { url: server.url, door, close: () => server.close() };
}

/** The digits model as a version of which the file lies in a store. */
export function digitsIn(store: string): Executable {
  const path = join(store, "digits.onnx");
  mkdirSync(store, { recursive: true });
  copyFileSync(join(DIGITS, "digits.onnx"), path);
  return {
    versionId: id("digits"),
    path,
    digest: sha256(readFileSync(path)),
    inputs: [{ name: "image", dtype: 2, shape: [1, 1, 8, 8] }],
    outputs: [{ name: "logits", dtype: 1, shape: [1, 10] }],
  };
}
