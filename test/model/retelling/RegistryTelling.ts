import { ZeroAddress, ZeroHash } from "ethers";

import type { ModelRegistry } from "../../../typechain-types/index.ts";
import type { View } from "../views.ts";
import { found } from "../World.ts";
import { Entries } from "./Control.ts";
import { answer, type Hears, type Telling } from "./Telling.ts";

/** @see VersionState in contracts/types/ModelTypes.sol */
const RELEASED = 1;
const REFEREED = 2;

interface ToldModel {
  readonly id: string;
  owner: string;
  /** None while its registration is being told. */
  royalty: bigint | undefined;
  rises: boolean;
  nextRoyalty: bigint;
  nextRoyaltyAt: bigint;
  restricted: boolean;
  readonly requesters: Map<string, boolean>;
}

interface ToldVersion {
  readonly id: string;
  readonly model: string;
  readonly state: number;
  readonly block: number;
  readonly major: bigint;
  readonly minor: bigint;
  readonly uris: number;
}

/** Models with their terms and owners, and versions. */
export class RegistryTelling implements Telling {
  private readonly entries = new Entries("registry");
  private readonly models = new Map<string, ToldModel>();
  private readonly versions: ToldVersion[] = [];
  /** Everybody who has, or had, a model. */
  private readonly owners = new Set<string>();
  private noticePeriod = 0n;
  readonly hears: Hears<ModelRegistry> = {
    ...this.entries.hears,
    RoyaltyNoticeSet: ({ period }) => {
      this.noticePeriod = period;
    },
    ModelRegistered: ({ modelId }) => {
      const terms = { royalty: undefined, rises: false, nextRoyalty: 0n, nextRoyaltyAt: 0n, restricted: false };
      this.models.set(modelId, { id: modelId, owner: ZeroAddress, ...terms, requesters: new Map() });
    },
    Transfer: ({ to, tokenId }) => {
      this.model(tokenId).owner = to;
      this.owners.add(to);
    },
    RoyaltySet: ({ modelId, royalty, effectiveAt }, { time }) => {
      const model = this.model(modelId);
      // The first royalty is no change of one.
      if (model.royalty === undefined) {
        model.royalty = royalty;
        return;
      }
      const current = model.rises && BigInt(time) >= model.nextRoyaltyAt ? model.nextRoyalty : model.royalty;
      model.rises = royalty > current;
      model.royalty = model.rises ? current : royalty;
      model.nextRoyalty = royalty;
      model.nextRoyaltyAt = effectiveAt;
    },
    RestrictionSet: ({ modelId, restricted }) => {
      this.model(modelId).restricted = restricted;
    },
    RequesterAllowed: ({ modelId, requester, allowed }) => {
      this.model(modelId).requesters.set(requester, allowed);
    },
    VersionReleased: ({ versionId, modelId, identity, release }, { block }) => {
      const { major, minor, uris } = release;
      const state = identity.graphRoot === ZeroHash ? RELEASED : REFEREED;
      this.versions.push({ id: versionId, model: modelId, state, block, major, minor, uris: uris.length });
    },
  };

  answers(): View[] {
    const models = [...this.models.values()];
    return [
      ...this.entries.answers(),
      answer("registry", "royaltyNoticePeriod", [], this.noticePeriod),
      ...models.flatMap((model) => this.answersOf(model)),
      ...[...this.owners].map((owner) =>
        answer("registry", "balanceOf", [owner], models.filter((model) => model.owner === owner).length),
      ),
      ...this.versions.flatMap(({ id, model, state, block, major, minor, uris }) => [
        answer("registry", "versionOf", [id], [BigInt(model), state, block, major, minor, uris, ZeroHash]),
        answer("registry", "versionAt", [model, Number(major), Number(minor)], id),
      ]),
    ];
  }

  private answersOf({ id, owner, royalty, rises, restricted, nextRoyalty, nextRoyaltyAt, requesters }: ToldModel) {
    return [
      answer("registry", "termsOf", [id], [owner, royalty ?? 0n, rises, restricted, nextRoyalty, nextRoyaltyAt]),
      answer("registry", "ownerOf", [id], owner),
      ...[...requesters].map(([requester, allowed]) => answer("registry", "isAllowed", [id, requester], allowed)),
    ];
  }

  /** A model's token has its number. */
  private model(id: string | bigint): ToldModel {
    return found(this.models, typeof id === "string" ? id : `0x${id.toString(16).padStart(64, "0")}`);
  }
}
