import { getConnInfo } from "@hono/node-server/conninfo";
import { payloadRoot, type Tensor } from "@opg-protocol/sdk";
import {
  decodeInferRequest,
  encodeInferResponse,
  HEADER_LENGTH,
  type OipMessage,
  type RequestedOutput,
} from "@opg-protocol/sdk/oip";
import { beginningOf, EVENT_STREAM, textBytes, writtenBytes } from "@opg-protocol/sdk/session";
import type { Context, Env } from "hono";
import { bodyLimit } from "hono/body-limit";

import type { Config } from "../config/Config.ts";
import type { Executor, Watch } from "../execute/Executor.ts";
import type { Admission, Answer, Call, Caller, Ticket } from "./Admission.ts";
import { within, withDeadline } from "./deadline.ts";
import { EncodingError, OverdueError, TooLargeError } from "./errors.ts";
import type { Gate } from "./Gate.ts";
import { isWriter, namedInputs } from "../jobs/texts.ts";
import { checkWrites, inputsOf, wantedOutputs } from "./inputs.ts";
import type { ServedModel } from "./Models.ts";
import type { Refusal } from "./refusals.ts";
import { TextStream } from "./TextStream.ts";

const MIB = 1024 * 1024;
/** Of a run whose caller is gone. */
const NEVER = new AbortController().signal;

type Exchange = Context<Env, string>;

/** Answers one call of a model: lets it in, reads it, runs it, and binds the node to what it gives. */
export class Inference {
  private readonly limit: ReturnType<typeof bodyLimit>;

  constructor(
    private readonly gate: Gate,
    private readonly admission: Admission,
    private readonly executor: Executor,
    private readonly settings: Config["serve"],
    /** Says how a call that fails is answered, and tells operators of it. */
    private readonly refuse: (error: unknown, c: Context) => Refusal,
  ) {
    const most = Math.floor(settings.requestMiB * MIB);
    this.limit = bodyLimit({
      maxSize: most,
      onError: () => {
        throw new TooLargeError(most);
      },
    });
  }

  /** @throws what fails before the answer begins. */
  infer(c: Exchange, model: ServedModel): Promise<Response> {
    const { versionId } = model.executable;
    const { headers } = c.req.raw;
    // An answer can begin before it is whole: the call is held until it is.
    return new Promise((reply, reject) => {
      const held = this.gate.hold(async () => {
        const { address } = getConnInfo(c).remote;
        const caller = await this.admission.identify({ versionId, headers, address });
        await this.gate.holdFor(caller.key, () =>
          withDeadline(this.settings.seconds, (late) => this.answer(c, model, caller, late, reply)),
        );
      });
      held.catch(reject);
    });
  }

  /** @param late Comes when the call has been here too long without being run. */
  private async answer(
    c: Exchange,
    model: ServedModel,
    caller: Caller,
    late: AbortSignal,
    reply: (response: Response) => void,
  ): Promise<void> {
    const body = await within(this.read(c), late, () => this.overdue("arriving"));
    const request = decodeInferRequest(body, c.req.header(HEADER_LENGTH));
    const inputs = inputsOf(request, model.executable);
    const wanted = wantedOutputs(request, model.executable);
    const isStream = c.req.header("accept") === EVENT_STREAM;
    if (isStream) checkWrites(model.executable);
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
    if (isStream) {
      await this.stream(c, model, call, ticket, late, reply);
      return;
    }
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
    const headers = await ticket.complete(answerOf(model, outputs));
    reply(c.body(message.body, 200, { ...headers, ...message.headers }));
  }

  /** Sends a text while it is written. If its reader leaves, the node is bound to what was sent, and paid for that. */
  private async stream(
    c: Exchange,
    model: ServedModel,
    call: Call,
    ticket: Ticket,
    late: AbortSignal,
    reply: (response: Response) => void,
  ): Promise<void> {
    const cut = new AbortController();
    const left = AbortSignal.any([c.req.raw.signal, cut.signal]);
    const text = new TextStream(c, reply, () => {
      cut.abort(new Error("the reader has left"));
    });
    try {
      await this.write(model, call, ticket, text, left, late);
    } catch (error) {
      if (!text.isOpen) throw error;
      text.fail(this.refuse(error, c).reason);
    }
  }

  private async write(
    model: ServedModel,
    call: Call,
    ticket: Ticket,
    text: TextStream,
    left: AbortSignal,
    late: AbortSignal,
  ): Promise<void> {
    let answer: Answer;
    let rest: Uint8Array;
    try {
      answer =
        ticket.outputs === undefined
          ? await this.written(model, call, ticket, text, left, late)
          : answerOf(model, ticket.outputs);
      rest = text.restOf(textBytes(namedInputs(model.executable, call.inputs), answer.outputs));
    } catch (error) {
      await ticket.release();
      throw error;
    }
    text.end(rest, await ticket.complete(answer));
  }

  /** A text that is sent while it is written; if its reader leaves, and has paid, what was sent of it. */
  private async written(
    model: ServedModel,
    call: Call,
    { isPaid = false }: Ticket,
    text: TextStream,
    left: AbortSignal,
    late: AbortSignal,
  ): Promise<Answer> {
    try {
      const outputs = await this.inTime(() => this.run(model, call, left, text.send), late);
      if (text.length === 0) left.throwIfAborted();
      return answerOf(model, outputs);
    } catch (error) {
      if (!left.aborted || !isPaid || text.length === 0) throw error;
      const inputs = beginningOf(namedInputs(model.executable, call.inputs), text.length);
      const outputs = await this.run(model, { ...call, inputs, signal: NEVER }, NEVER);
      return { ...answerOf(model, outputs), beginning: { inputs, inputRoot: payloadRoot(inputs) } };
    }
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
  private run(
    { executable }: ServedModel,
    { inputs, signal }: Pick<Call, "inputs" | "signal">,
    left: AbortSignal,
    watch?: Watch,
  ): Promise<Tensor[]> {
    return this.gate.run(() => this.executor.run(executable, inputs, left, watch), signal);
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

const answerOf = ({ executable }: ServedModel, outputs: readonly Tensor[]): Answer => ({
  outputs,
  get outputRoot() {
    return payloadRoot(outputs);
  },
  get tokens() {
    return isWriter(executable) ? writtenBytes(outputs) : undefined;
  },
});

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
