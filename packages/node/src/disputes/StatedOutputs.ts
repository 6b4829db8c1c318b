import { type Client, decodePayload, payloadRoot, type Statement, type Tensor } from "@opg-protocol/sdk";

import type { Fetcher } from "../artifacts/Fetcher.ts";

/** Brings outputs here that others state, from the nodes that state them. */
export class StatedOutputs {
  constructor(
    private readonly client: Client,
    private readonly fetcher: Pick<Fetcher, "fetch">,
    /** Most bytes of an output. */
    private readonly most: number,
  ) {}

  /**
   * The output of a statement.
   * @throws if its node does not serve it: FetchRefusedError, or whatever comes instead.
   */
  async fetch({ node, outputRoot }: Statement, signal?: AbortSignal): Promise<readonly Tensor[]> {
    const place = await this.client.staking.metadataURIOf(node);
    const read = (bytes: Uint8Array): Tensor[] => {
      const tensors = decodePayload(bytes);
      if (payloadRoot(tensors) === outputRoot) return tensors;
      throw new Error(`${node} serves another output than it states.`);
    };
    const base = place.endsWith("/") ? place : `${place}/`;
    return this.fetcher.fetch(`${base}v1/outputs/${outputRoot}`, this.most, read, signal);
  }
}
