import { TextEvent } from "@opg-protocol/sdk/session";
import type { Context } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";

/**
 * A text that is sent while it is written, as server-sent events. The answer begins with its first bytes: what fails before is
 * answered as any other call is.
 */
export class TextStream {
  private sent: Uint8Array = new Uint8Array();
  private opened: { readonly stream: Promise<SSEStreamingApi>; readonly close: () => void } | undefined;
  /** Ends when all that was written so far is with the connection. */
  private line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly context: Context,
    private readonly reply: (response: Response) => void,
    /** Is called if the reader leaves. */
    private readonly onLeft: () => void,
  ) {}

  /** How many bytes were sent. */
  get length(): number {
    return this.sent.length;
  }

  get isOpen(): boolean {
    return this.opened !== undefined;
  }

  /** Sends some bytes behind those that were sent. */
  readonly send = (bytes: Uint8Array): void => {
    this.sent = Buffer.concat([this.sent, bytes]);
    this.write(TextEvent.Bytes, Buffer.from(bytes).toString("hex"));
  };

  /**
   * What is still to be sent of a text.
   * @throws RangeError if what was sent is not its beginning.
   */
  restOf(text: Uint8Array): Uint8Array {
    if (this.sent.some((byte, i) => byte !== text[i])) throw new RangeError("What was sent is another text.");
    return text.subarray(this.sent.length);
  }

  /** Ends the stream with the rest of the text, and with what goes with the whole. */
  end(rest: Uint8Array, headers: Readonly<Record<string, string>>): void {
    if (rest.length > 0) this.send(rest);
    this.close(TextEvent.End, JSON.stringify(headers));
  }

  /** Ends a stream that has begun. */
  fail(reason: string): void {
    this.close(TextEvent.Error, JSON.stringify({ error: reason }));
  }

  private close(event: string, data: string): void {
    this.write(event, data);
    void this.line.then(this.opened?.close);
  }

  private write(event: string, data: string): void {
    const { stream } = (this.opened ??= this.open());
    this.line = this.line.then(async () => (await stream).writeSSE({ event, data }));
  }

  private open(): NonNullable<TextStream["opened"]> {
    const closed = Promise.withResolvers();
    const opened = Promise.withResolvers<SSEStreamingApi>();
    const response = streamSSE(this.context, async (stream) => {
      stream.onAbort(this.onLeft);
      opened.resolve(stream);
      await closed.promise;
    });
    this.reply(response);
    const close = () => {
      closed.resolve(undefined);
    };
    return { stream: opened.promise, close };
  }
}
