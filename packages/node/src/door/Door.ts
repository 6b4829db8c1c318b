import { createRequire } from "node:module";

import { BINARY_EXTENSION, tensorMetadata } from "@opg-protocol/sdk/oip";
import { type Context, Hono } from "hono";

import type { Config } from "../config/Config.ts";
import type { Executor } from "../execute/Executor.ts";
import type { Logger } from "../log.ts";
import type { Admission } from "./Admission.ts";
import { Gate } from "./Gate.ts";
import { Inference } from "./Inference.ts";
import type { Models, ServedModel } from "./Models.ts";
import { type Refusal, refusalOf } from "./refusals.ts";

/** How the protocol names the framework of such files. */
const PLATFORM = "onnx_onnxv1";
const { version: VERSION } = createRequire(import.meta.url)("../../package.json") as { readonly version: string };

export interface DoorModules {
  readonly models: Models;
  readonly executor: Executor;
  readonly admission: Admission;
  readonly log: Logger;
}

/** Answers calls of models over HTTP as the Open Inference Protocol v2 says. Who is answered is the admission's to decide. */
export class Door {
  private readonly gate: Gate;
  private readonly inference: Inference;

  constructor(
    private readonly modules: DoorModules,
    private readonly settings: Config["serve"],
    /** Whether the rest of the node is ready. */
    private readonly isNodeReady: () => boolean,
  ) {
    this.gate = new Gate(settings);
    this.inference = new Inference(this.gate, modules.admission, modules.executor, settings, (error, c) =>
      this.refuse(error, c),
    );
  }

  /** False from the moment that no new calls are taken. */
  get isOpen(): boolean {
    return this.gate.isOpen;
  }

  /** Everything under `/v2`. */
  routes(): Hono {
    const app = new Hono();
    app.get("/", (c) => c.json({ name: "opg-node", version: VERSION, extensions: [BINARY_EXTENSION] }));
    app.get("/health/live", (c) => c.json({ live: true }));
    app.get("/health/ready", (c) => this.ready(c));
    for (const path of ["/models/:model", "/models/:model/versions/:version"]) {
      app.get(path, (c) => this.describe(c));
      app.get(`${path}/ready`, (c) => c.json({ name: this.find(c).name, ready: true }));
      app.post(`${path}/infer`, (c) => this.inference.infer(c, this.find(c)));
    }
    app.all("*", (c) => c.json({ error: `The protocol has no ${c.req.method} ${c.req.path}.` }, 404));
    app.onError((error, c) => {
      const { status, reason, headers } = this.refuse(error, c);
      return c.json({ error: reason }, status, headers);
    });
    return app;
  }

  /** Takes no new calls, and waits for those that are here, but not for ever. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.settings.drainSeconds * 1000);
    });
    await Promise.race([this.gate.close(), deadline]);
    clearTimeout(timer);
  }

  private ready(c: Context): Response {
    const ready = this.isOpen && this.isNodeReady() && !this.modules.models.isEmpty;
    return c.json({ live: true, ready }, ready ? 200 : 503);
  }

  private describe(c: Context): Response {
    const { name, executable } = this.find(c);
    return c.json({
      name,
      versions: this.modules.models.releases(name),
      platform: PLATFORM,
      inputs: executable.inputs.map(tensorMetadata),
      outputs: executable.outputs.map(tensorMetadata),
      parameters: { version_id: executable.versionId },
    });
  }

  private find(c: Context): ServedModel {
    return this.modules.models.find(c.req.param("model") ?? "", c.req.param("version"));
  }

  /** How a call that fails is answered, whether its answer has begun or not. Operators are told of what is not the caller's fault. */
  private refuse(error: unknown, c: Context): Refusal {
    const refusal = refusalOf(error);
    if (refusal.status === 500 && !c.req.raw.signal.aborted) {
      this.modules.log.warn({ path: c.req.path, error: String(error) }, "could not answer a call");
    }
    return refusal;
  }
}
