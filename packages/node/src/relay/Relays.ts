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

/** Whether anybody has taken what was handed in; early if somebody wants it later, for its chain is behind this node's. */
export type HandedIn = "taken" | "early" | "refused";

/** What a relayer answers to what it wants later. */
const TOO_EARLY = 425;

/** The relayers that a node hands its seals and reveals in to. None of them is trusted with more than to post them. */
export class Relays {
  /** What became of it, by what was handed in. */
  private readonly handedIn = new Map<string, Promise<HandedIn>>();

  constructor(
    private readonly modules: RelaysModules,
    private readonly node: string,
    /** Their addresses, without a path. */
    private readonly urls: readonly string[],
  ) {}

  /** Signs a seal and hands it in, once. */
  offerSeal({ packed }: KnownJob, roundId: string, commitment: string): Promise<HandedIn> {
    return this.once(`seal/${roundId}`, async () => {
      const { client, signer } = this.modules;
      const seal = await signSeal(client, { signer, node: this.node, roundId, commitment });
      return this.handIn("seals", { job: packed, seal });
    });
  }

  /** Hands in what shows a seal, once, or once more after it was early; from then on it is no secret. */
  offerReveal({ packed }: KnownJob, roundId: string, outputRoot: string, salt: string): Promise<HandedIn> {
    return this.once(`reveal/${roundId}`, () =>
      this.handIn("reveals", { job: packed, reveal: { node: this.node, outputRoot, salt } }),
    );
  }

  private async once(what: string, handIn: () => Promise<HandedIn>): Promise<HandedIn> {
    const known = this.handedIn.get(what);
    if (known !== undefined) return known;
    const [oldest] = this.handedIn.keys();
    if (this.handedIn.size >= MOST_REMEMBERED && oldest !== undefined) this.handedIn.delete(oldest);
    const outcome = handIn();
    this.handedIn.set(what, outcome);
    if ((await outcome) === "early") this.handedIn.delete(what);
    return outcome;
  }

  private async handIn(kind: "seals" | "reveals", message: SealMessage | RevealMessage): Promise<HandedIn> {
    const answers = await Promise.all(this.urls.map((url) => this.post(`${url}/v1/${kind}`, message)));
    return (["taken", "early"] as const).find((outcome) => answers.includes(outcome)) ?? "refused";
  }

  /** A relayer that fails costs nothing: the node sends its own transaction in time. */
  private async post(url: string, message: SealMessage | RevealMessage): Promise<HandedIn> {
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
      if (response.ok) return "taken";
      log.info({ url, status: response.status }, "a relayer does not take it");
      return response.status === TOO_EARLY ? "early" : "refused";
    } catch (error) {
      log.info({ url, error: String(error) }, "a relayer cannot be reached");
      return "refused";
    }
  }
}
