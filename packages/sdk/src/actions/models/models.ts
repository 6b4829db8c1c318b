import { chainTime } from "../../chainTime.ts";
import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";

const { registry } = interfaces;

/** Names a model. */
export interface ModelParameters {
  /** 32 bytes, hex; also the ERC-721 token id. */
  readonly modelId: string;
}

/** Owner, royalty and restriction of a model. OPG in base units, times in unix seconds. */
export interface Model {
  readonly owner: string;
  /** Per inference, now. */
  readonly royalty: bigint;
  /** An announced royalty, and from when it holds; undefined if there is none. */
  readonly nextRoyalty: { readonly royalty: bigint; readonly effectiveAt: number } | undefined;
  /** Whether only listed requesters may order. */
  readonly isRestricted: boolean;
}

/**
 * Reads a model's terms, as of the latest block.
 * @throws NotFoundError if there is no such model; NoBlockError.
 */
export async function getModel(client: Client, { modelId }: ModelParameters): Promise<Model> {
  const [terms, now] = await Promise.all([explained(client.registry.termsOf(modelId)), chainTime(client)]);
  if (BigInt(terms.owner) === 0n) throw new NotFoundError("model", modelId);
  const { owner, royalty, royaltyPending, nextRoyalty, nextRoyaltyAt, restricted: isRestricted } = terms;
  const isInForce = royaltyPending && nextRoyaltyAt <= BigInt(now);
  const announced = { royalty: nextRoyalty, effectiveAt: Number(nextRoyaltyAt) };
  return {
    owner,
    royalty: isInForce ? nextRoyalty : royalty,
    nextRoyalty: royaltyPending && !isInForce ? announced : undefined,
    isRestricted,
  };
}

/** Parameters of {@link registerModel}. */
export interface RegisterModelParameters {
  /** The model's name among those of its publisher: 3 to 64 of `[a-z0-9-]`. */
  readonly slug: string;
  /** OPG per inference, base units; by default none. */
  readonly royalty?: bigint;
  /** True if only listed requesters may order; by default anyone may. */
  readonly isRestricted?: boolean;
}

/**
 * Registers a model of the client's account, and gives its id.
 * @throws ProtocolError `RegistryBadSlug`, `RegistryModelExists`, `RegistryRoyaltyTooHigh`.
 */
export const registerModel = action(
  "registry",
  ({ slug, royalty = 0n, isRestricted = false }: RegisterModelParameters) =>
    registry.encodeFunctionData("registerModel", [slug, royalty, isRestricted]),
  {
    result: (mined) => {
      const { modelId, publisher, slug } = eventIn(mined, "ModelRegistered").args;
      return { modelId, publisher, slug };
    },
  },
);

/** Parameters of {@link transferModel}. */
export interface TransferModelParameters extends ModelParameters {
  readonly from: string;
  readonly to: string;
}

/**
 * Gives a model to another owner, who earns its royalties from the next order on.
 * @throws ProtocolError `ERC721InsufficientApproval`, `ERC721IncorrectOwner`, `ERC721InvalidReceiver`,
 * `ERC721NonexistentToken`.
 */
export const transferModel = action("registry", ({ modelId, from, to }: TransferModelParameters) =>
  registry.encodeFunctionData("safeTransferFrom(address,address,uint256)", [from, to, modelId]),
);

/** Parameters of {@link setRoyalty}. */
export interface SetRoyaltyParameters extends ModelParameters {
  /** OPG per inference, base units. */
  readonly royalty: bigint;
}

/**
 * Sets what an inference costs on top, and gives from when on (unix seconds): a cut holds at once, a rise after the notice
 * period. Only for the model's owner.
 * @throws ProtocolError `RegistryNotModelOwner`, `RegistryRoyaltyTooHigh`.
 */
export const setRoyalty = action(
  "registry",
  ({ modelId, royalty }: SetRoyaltyParameters) => registry.encodeFunctionData("setRoyalty", [modelId, royalty]),
  { result: (mined) => ({ effectiveAt: Number(eventIn(mined, "RoyaltySet").args.effectiveAt) }) },
);

/** Parameters of {@link setRestricted}. */
export interface SetRestrictedParameters extends ModelParameters {
  /** True if only listed requesters may order. */
  readonly isRestricted: boolean;
}

/**
 * Opens a model to all requesters, or to listed ones only. Only for the model's owner.
 * @throws ProtocolError `RegistryNotModelOwner`.
 */
export const setRestricted = action("registry", ({ modelId, isRestricted }: SetRestrictedParameters) =>
  registry.encodeFunctionData("setRestricted", [modelId, isRestricted]),
);

/** Parameters of {@link setAllowed}. */
export interface SetAllowedParameters extends ModelParameters {
  readonly requesters: readonly string[];
  /** True to list them, false to strike them. */
  readonly isAllowed: boolean;
}

/**
 * Puts requesters on a model's list, or takes them off it. Only for the model's owner.
 * @throws ProtocolError `RegistryNotModelOwner`.
 */
export const setAllowed = action("registry", ({ modelId, requesters, isAllowed }: SetAllowedParameters) =>
  registry.encodeFunctionData("setAllowed", [modelId, [...requesters], isAllowed]),
);

/** Parameters of {@link setRoyaltyNoticePeriod}. */
export interface SetRoyaltyNoticePeriodParameters {
  /** Seconds, at most 30 days. */
  readonly period: number;
}

/**
 * Sets how long a rise of a royalty is announced before it holds. Only for whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `RegistryNoticeTooLong`.
 */
export const setRoyaltyNoticePeriod = action("registry", ({ period }: SetRoyaltyNoticePeriodParameters) =>
  registry.encodeFunctionData("setRoyaltyNoticePeriod", [period]),
);
