import { type Client, decodePayload, payloadRoot, type Statement, type Tensor } from "@opg-protocol/sdk";

import type { Fetcher } from "../artifacts/Fetcher.ts";

/**
 * Most tensors of an output, and most dimensions of one of them, that a referee can be shown in one transaction. No model has as
 * many, and `SupplyLib` takes no more than 512 of both together: what is more can neither be judged nor supplied.
 */
const MOST_TENSORS = 256;
const MOST_DIMENSIONS = 6;

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
   * @throws if its node does not serve it, or serves what nobody can judge, which is as good as nothing: FetchRefusedError, or
   * whatever comes instead.
   */
  async fetch({ node, outputRoot }: Statement, signal?: AbortSignal): Promise<readonly Tensor[]> {
    const place = await this.client.staking.metadataURIOf(node);
    const read = (bytes: Uint8Array): Tensor[] => {
      const tensors = decodePayload(bytes);
      if (payloadRoot(tensors) !== outputRoot) throw new Error(`${node} serves another output than it states.`);
      if (!isJudgeable(tensors))
        throw new Error(`${node} states an output that cannot be judged: it is of too many parts.`);
      return tensors;
    };
    const base = place.endsWith("/") ? place : `${place}/`;
    return this.fetcher.fetch(`${base}v1/outputs/${outputRoot}`, this.most, read, signal);
  }
}

const isJudgeable = (tensors: readonly Tensor[]): boolean =>
  tensors.length <= MOST_TENSORS && tensors.every(({ shape }) => shape.length <= MOST_DIMENSIONS);
