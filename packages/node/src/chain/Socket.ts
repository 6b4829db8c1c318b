import {
  type JsonRpcApiProviderOptions,
  type JsonRpcError,
  type JsonRpcPayload,
  type JsonRpcResult,
  makeError,
  SocketSubscriber,
  WebSocketProvider,
} from "ethers";

/** The provider has closed the connection, or is silent. A new one has to be made. */
export class ConnectionLostError extends Error {
  constructor(
    readonly url: string,
    /** What the socket has said, if anything. */
    reason?: string,
  ) {
    super(`The connection to ${url} was closed${reason === undefined ? "" : `: ${reason}`}`);
    this.name = "ConnectionLostError";
  }
}

/**
 * A provider over a websocket, over which every request ends: with its answer, when its time is over, or with the connection.
 * The one of ethers waits for ever for an answer that does not come.
 */
export class Socket extends WebSocketProvider {
  private readonly losing = new AbortController();
  /** Messages that have come over it. */
  private heard = 0;

  constructor(
    private readonly address: string,
    options: JsonRpcApiProviderOptions,
    /** How long a request may wait for its answer, milliseconds. */
    private readonly patience: number,
  ) {
    super(address, undefined, options);
    // The interface that ethers declares leaves out that sockets are event targets.
    const socket = this.websocket as unknown as EventTarget;
    socket.addEventListener("close", () => {
      this.lose();
    });
    // Nobody listening, it would end the process.
    socket.addEventListener("error", (event) => {
      this.lose("message" in event ? String(event.message) : undefined);
    });
  }

  /** Aborted, with a ConnectionLostError, once nothing goes over it any more. */
  get lost(): AbortSignal {
    return this.losing.signal;
  }

  /**
   * Has `ring` called at each new head; and also after a silence, for a subscription can end unheard and a socket be dead
   * without having been closed. Ends with the connection. Whoever takes ethers' "block" instead is never told that it fails.
   * @throws as `send`.
   */
  async hear(ring: () => void): Promise<void> {
    this._register(String(await this.send("eth_subscribe", ["newHeads"])), new Heads(this, ring));
    const timer = setInterval(ring, this.patience);
    this.lost.addEventListener("abort", () => {
      clearInterval(timer);
      ring();
    });
  }

  /** @throws ConnectionLostError, and whatever the provider has against it. */
  override async send(method: string, params: unknown[] | Record<string, unknown>): Promise<unknown> {
    try {
      return await super.send(method, params);
    } catch (error) {
      this.lost.throwIfAborted(); // ethers says of what it had not sent yet that it was cancelled
      throw error;
    }
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const { heard, lost, patience } = this;
    lost.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<(JsonRpcResult | JsonRpcError)[]>();
    const end = () => {
      reject(lost.reason);
    };
    const timer = setTimeout(() => {
      // Where others are answered meanwhile, only this one is.
      if (this.heard === heard) this.lose(`silent for ${patience / 1_000} s`);
      reject(makeError("request timeout", "TIMEOUT", { operation: methodOf(payload), reason: "timeout" }));
    }, patience);
    lost.addEventListener("abort", end);
    super._send(payload).then(resolve, reject);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      lost.removeEventListener("abort", end);
    }
  }

  override async _processMessage(message: string): Promise<void> {
    this.heard += 1;
    try {
      await super._processMessage(message);
    } catch (error) {
      this.lose(`it has said what cannot be read: ${String(error)}`); // nobody waits for this, and it would end the process
    }
  }

  override async destroy(): Promise<void> {
    this.losing.abort(new ConnectionLostError(this.address));
    await super.destroy();
  }

  private lose(reason?: string): void {
    this.losing.abort(new ConnectionLostError(this.address, reason));
    void this.destroy();
  }
}

class Heads extends SocketSubscriber {
  constructor(
    socket: Socket,
    private readonly ring: () => void,
  ) {
    super(socket, ["newHeads"]);
  }

  override _handleMessage(): void {
    this.ring();
  }
}

const methodOf = (payload: JsonRpcPayload | JsonRpcPayload[]): string =>
  [payload]
    .flat()
    .map(({ method }) => method)
    .join();
