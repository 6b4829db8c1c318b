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
  const parts = new Parts();
  const answer = session.infer({
    inputs,
    signal: signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]),
    watch: (bytes) => {
      parts.put(bytes);
    },
  });
  void answer.then(
    () => {
      parts.end();
    },
    () => {
      parts.end();
    },
  );
  try {
    yield* parts.all();
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

/** What one side puts in while the other takes it out. */
class Parts {
  readonly #waiting: Uint8Array[] = [];
  #isOver = false;
  #wake: () => void = () => undefined;

  put(part: Uint8Array): void {
    this.#waiting.push(part);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *all(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      yield* this.#waiting.splice(0);
      if (this.#waiting.length > 0) continue;
      if (this.#isOver) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
