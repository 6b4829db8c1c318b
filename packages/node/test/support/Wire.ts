/** What lies between a node and its provider, and fails. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

const HOST = "127.0.0.1";

export class Wire {
  /** Whether this is lost on its way to the node. */
  loses: (answer: string) => boolean = () => false;
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.url = `ws://${HOST}:${(server.address() as AddressInfo).port}`;
  }

  /** @param url Where the chain is reached. */
  static async to(url: string): Promise<Wire> {
    const server = createServer().listen(0, HOST);
    await once(server, "listening");
    const wire = new Wire(server);
    server.on("connection", (near) => {
      wire.#join(near, connect(Number(new URL(url).port), HOST));
    });
    return wire;
  }

  /** From now on nothing comes back over it. */
  silence(): void {
    this.loses = () => true;
  }

  /** Has the provider say this, of at most 125 bytes. */
  say(text: string): void {
    const [whole, { length }] = [0x81, Buffer.from(text)]; // the first bytes of a frame: a text, and all of it
    for (const socket of this.#sockets) socket.write(Buffer.concat([Buffer.of(whole, length), Buffer.from(text)]));
  }

  /** Ends when something is asked over it. */
  async asked(): Promise<void> {
    await Promise.any([...this.#sockets].map((socket) => once(socket, "data")));
  }

  /** Ends what goes over it, as a provider does that is restarted. New ones get through. */
  cut(): void {
    this.loses = () => false;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #join(near: Socket, far: Socket): void {
    this.#sockets.add(near);
    near.on("data", (asked) => far.write(asked));
    far.on("data", (answer) => {
      if (!this.loses(answer.toString())) near.write(answer);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => undefined); // it closes, too
      one.on("close", () => {
        this.#sockets.delete(near);
        other.destroy();
      });
    }
  }
}
