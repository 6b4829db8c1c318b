import type { SignedReceipt } from "../actions/sessions/receipts.ts";
import { payloadRoot } from "../codecs/payload.ts";
import type { SessionClient } from "../session/SessionClient.ts";
import type { Completion } from "./complete.ts";
import { completionInputs, type CompletionOrder, completionText } from "./order.ts";

/** Parameters of {@link streamCompletion}. */
export interface StreamCompletionParameters {
  readonly order: CompletionOrder;
  readonly session: SessionClient;
  readonly signal?: AbortSignal;
}

/** A text that came as it was written, with the receipt that binds its node to it. */
export interface StreamedCompletion extends Completion<SignedReceipt> {
  /** What the receipt is for: what was asked, with a lower limit if the stream broke off. */
  readonly order: CompletionOrder;
}

/**
 * Has a node continue a prompt in a session, and gives the bytes of the text as they come. They bind nobody before the generator
 * returns what they came to: the receipt is checked then, and is for these very bytes. A generator that is left early ends the
 * call, which costs what the node has sent until then.
 * @throws NoCompletionModelError, CompletionOrderError before anything is paid; CompletionTextError if the node has stated what
 * cannot be right; as `SessionClient.infer`.
 */
export async function* streamCompletion(
  parameters: StreamCompletionParameters,
): AsyncGenerator<Uint8Array, StreamedCompletion> {
  const { order, session, signal } = parameters;
  const signature = await session.signature();
  const inputs = completionInputs(signature, order);
  const left = new AbortController();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  const answer = session.infer({
    inputs,
    signal: signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]),
    watch: (bytes) => void writer.write(bytes),
  });
  // What came before a failure is read before it.
  const end = () => void writer.close();
  void answer.then(end, end);
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    const { outputs, receipt, inputs: answered } = await answer;
    const isCut = receipt.inputRoot !== payloadRoot(inputs);
    const text = completionText(signature, order, outputs);
    return {
      ...text,
      isEnded: text.isEnded && !isCut,
      inputs: answered,
      outputs,
      statement: receipt,
      order: isCut ? { ...order, limit: text.bytes.length } : order,
    };
  } finally {
    left.abort();
  }
}
