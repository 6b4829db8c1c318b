import { type Client, signSeal } from "@opg-protocol/sdk";
import type { Signer } from "ethers";

import type { KnownJob } from "../chain/Chain.ts";
import type { Logger } from "../log.ts";
import type { RevealMessage, SealMessage } from "./messages.ts";

/** How long a relayer may take to answer, milliseconds. */
const TIMEOUT = 5_000;
/** What was handed in is remembered for so many rounds. */
const MOST_REMEMBERED = 4_096;

export interface RelaysModules {
  readonly client: Pick<Client, "chainId" | "addresses">;
  /** The node's hot key. */
  readonly signer: Signer;
  readonly log: Logger;
}

/** The relayers that a node hands its seals and reveals in to. None of them is trusted with more than to post them. */
export class Relays {
  /** By which message: whether anybody has taken it. */
  private readonly handedIn = new Map<string, Promise<boolean>>();

  constructor(
    private readonly modules: RelaysModules,
    private readonly node: string,
    /** Their addresses, without a path. */
    private readonly urls: readonly string[],
  ) {}

  /** Signs a seal and hands it in, once. False if nobody has taken it. */
  offerSeal({ packed }: KnownJob, roundId: string, commitment: string): Promise<boolean> {
    return this.once(`seal/${roundId}`, async () => {
      const { client, signer } = this.modules;
      const seal = await signSeal(client, { signer, node: this.node, roundId, commitment });
      return this.handIn("seals", { job: packed, seal });
    });
  }

  /** Hands in what shows a seal, once; from then on it is no secret. False if nobody has taken it. */
  offerReveal({ packed }: KnownJob, roundId: string, outputRoot: string, salt: string): Promise<boolean> {
    return this.once(`reveal/${roundId}`, () =>
      this.handIn("reveals", { job: packed, reveal: { node: this.node, outputRoot, salt } }),
    );
  }

  private once(what: string, handIn: () => Promise<boolean>): Promise<boolean> {
    const known = this.handedIn.get(what);
    if (known !== undefined) return known;
    const [oldest] = this.handedIn.keys();
    if (this.handedIn.size >= MOST_REMEMBERED && oldest !== undefined) this.handedIn.delete(oldest);
    const taken = handIn();
    this.handedIn.set(what, taken);
    return taken;
  }

  private async handIn(kind: "seals" | "reveals", message: SealMessage | RevealMessage): Promise<boolean> {
    const answers = await Promise.all(this.urls.map((url) => this.post(`${url}/v1/${kind}`, message)));
    return answers.includes(true);
  }

  /** A relayer that fails costs nothing: the node sends its own transaction in time. */
  private async post(url: string, message: SealMessage | RevealMessage): Promise<boolean> {
    const { log } = this.modules;
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(message),
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      await response.body?.cancel();
      if (!response.ok) log.info({ url, status: response.status }, "a relayer does not take it");
      return response.ok;
    } catch (error) {
      log.info({ url, error: String(error) }, "a relayer cannot be reached");
      return false;
    }
  }
}
