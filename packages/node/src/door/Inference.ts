import { getConnInfo } from "@hono/node-server/conninfo";
import { payloadRoot, type Tensor } from "@opg-protocol/sdk";
import {
  decodeInferRequest,
  encodeInferResponse,
  HEADER_LENGTH,
  type OipMessage,
  type RequestedOutput,
} from "@opg-protocol/sdk/oip";
import type { Context, Env } from "hono";
import { bodyLimit } from "hono/body-limit";

import type { Config } from "../config/Config.ts";
import type { Executor } from "../execute/Executor.ts";
import type { Admission, Call, Caller } from "./Admission.ts";
import { within, withDeadline } from "./deadline.ts";
import { EncodingError, OverdueError, TooLargeError } from "./errors.ts";
import type { Gate } from "./Gate.ts";
import { inputsOf, wantedOutputs } from "./inputs.ts";
import type { ServedModel } from "./Models.ts";

const MIB = 1024 * 1024;

type Exchange = Context<Env, string>;

/** Answers one call of a model: lets it in, reads it, runs it, and binds the node to what it gives. */
export class Inference {
  private readonly limit: ReturnType<typeof bodyLimit>;

  constructor(
    private readonly gate: Gate,
    private readonly admission: Admission,
    private readonly executor: Executor,
    private readonly settings: Config["serve"],
  ) {
    const most = Math.floor(settings.requestMiB * MIB);
    this.limit = bodyLimit({
      maxSize: most,
      onError: () => {
        throw new TooLargeError(most);
      },
    });
  }

  /** @throws whatever `refusalOf` knows. */
  infer(c: Exchange, model: ServedModel): Promise<Response> {
    const { versionId } = model.executable;
    const { headers } = c.req.raw;
    return this.gate.hold(async () => {
      const { address } = getConnInfo(c).remote;
      const caller = await this.admission.identify({ versionId, headers, address });
      return this.gate.holdFor(caller.key, () =>
        withDeadline(this.settings.seconds, (late) => this.answer(c, model, caller, late)),
      );
    });
  }

  /** @param late Comes when the call has been here too long without being run. */
  private async answer(c: Exchange, model: ServedModel, caller: Caller, late: AbortSignal): Promise<Response> {
    const body = await within(this.read(c), late, () => this.overdue("arriving"));
    const request = decodeInferRequest(body, c.req.header(HEADER_LENGTH));
    const inputs = inputsOf(request, model.executable);
    const wanted = wantedOutputs(request, model.executable);
    const left = c.req.raw.signal;
    const signal = AbortSignal.any([left, late]);
    const call: Call = {
      versionId: model.executable.versionId,
      byteLength: body.length,
      inputs,
      get inputRoot() {
        return payloadRoot(inputs);
      },
      signal,
    };
    const ticket = await this.inTime(() => caller.admit(call), late);
    let outputs: readonly Tensor[];
    let message: OipMessage;
    try {
      outputs = ticket.outputs ?? (await this.inTime(() => this.run(model, call, left), late));
      left.throwIfAborted();
      message = messageOf(model, request.id, wanted, outputs);
    } catch (error) {
      await ticket.release();
      throw error;
    }
    const headers = await ticket.complete({
      outputs,
      get outputRoot() {
        return payloadRoot(outputs);
      },
    });
    return c.body(message.body, 200, { ...headers, ...message.headers });
  }

  private async read(c: Exchange): Promise<Uint8Array> {
    const encoding = c.req.header("content-encoding") ?? "identity";
    if (encoding !== "identity") throw new EncodingError(encoding);
    let body = new ArrayBuffer();
    await this.limit(c, async () => {
      body = await c.req.arrayBuffer();
    });
    return new Uint8Array(body);
  }

  /** Once it runs, the executor bounds its time. */
  private run({ executable }: ServedModel, { inputs, signal }: Call, left: AbortSignal): Promise<Tensor[]> {
    return this.gate.run(() => this.executor.run(executable, inputs, left), signal);
  }

  /** Says of what was waiting for too long that it was. */
  private async inTime<Result>(act: () => Promise<Result>, late: AbortSignal): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      throw late.aborted && error === late.reason ? this.overdue("waiting") : error;
    }
  }

  private overdue(stage: OverdueError["stage"]): OverdueError {
    return new OverdueError(stage, this.settings.seconds);
  }
}

function messageOf(
  { name, release, executable }: ServedModel,
  id: string | undefined,
  wanted: readonly RequestedOutput[],
  outputs: readonly Tensor[],
): OipMessage {
  const chosen = wanted.flatMap(({ name: output, form }) => {
    const tensor = outputs[executable.outputs.findIndex((spec) => spec.name === output)];
    return tensor === undefined ? [] : [{ ...tensor, name: output, form }];
  });
  const parameters = { version_id: executable.versionId };
  return encodeInferResponse({ model: name, version: release, id, parameters, outputs: chosen });
}
