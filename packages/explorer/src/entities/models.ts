import { toBeHex, ZeroAddress } from "ethers";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import { type Announced, standingAt } from "./announced.ts";
import { folded } from "./folded.ts";
import { lookalikesOf } from "./lookalikes.ts";
import { type Remark, type VersionView, versionsOf } from "./versions.ts";

export { versionOf, versionsOf, type VersionView } from "./versions.ts";

/** A requester on a model's list. */
export interface Listed extends Remark {
  readonly requester: string;
}

/** A model's change of hands. */
export interface Transfer extends Remark {
  readonly from: string;
  readonly to: string;
}

/** A model as the events tell it. OPG in base units, times in unix seconds. */
export interface ModelView {
  readonly modelId: string;
  /** Foreign text, though the registry takes only `[a-z0-9-]`. */
  readonly slug: string;
  /** Who registered it; part of its id for good. */
  readonly publisher: string;
  /** Who has its token, and earns the royalties of later orders. */
  readonly owner: string;
  readonly registeredAt: number;
  readonly registeredTx: string;
  /** All royalties, oldest first; {@link royaltyOf} says which holds. */
  readonly royalties: readonly Announced<bigint>[];
  readonly isRestricted: boolean;
  readonly listed: readonly Listed[];
  readonly transfers: readonly Transfer[];
  /** In the order of their release. */
  readonly versions: readonly VersionView[];
  /** Models of other publishers whose names look like this one's. */
  readonly lookalikes: readonly ModelName[];
}

/** What tells models apart for people. */
export type ModelName = Pick<ModelView, "modelId" | "slug" | "publisher" | "registeredAt">;

/** What an inference costs on top at a time, and what is announced. */
export const royaltyOf = (model: Pick<ModelView, "royalties">, time: number) => standingAt(model.royalties, time);

const allModels = folded((index: EventIndex): ReadonlyMap<string, ModelView> => {
  const changes = Map.groupBy(index.named(...MODEL_EVENTS), modelOfEvent);
  const versions = Map.groupBy(versionsOf(index), ({ modelId }) => modelId);
  const names = index.named("ModelRegistered").map(nameOf);
  const alike = lookalikesOf(names);
  const views = names.map((name): ModelView => {
    const start = { ...EMPTY, ...name, owner: name.publisher };
    const view = (changes.get(name.modelId) ?? []).reduce<Changing>(afterModelEvent, start);
    return { ...view, versions: versions.get(name.modelId) ?? [], lookalikes: alike.get(name) ?? [] };
  });
  return new Map(views.map((view) => [view.modelId, view]));
});

/** All models, the first one registered first. */
export const modelsOf = folded((index: EventIndex): readonly ModelView[] => [...allModels(index).values()]);

/** One model; its id in any case of letters. */
export const modelOf = (index: EventIndex, id: string): ModelView | undefined => allModels(index).get(id.toLowerCase());

const nameOf = ({ args, timestamp, transactionHash }: TimedEventNamed<"ModelRegistered">) => ({
  ...{ modelId: args.modelId, slug: args.slug, publisher: args.publisher },
  ...{ registeredAt: timestamp, registeredTx: transactionHash },
});

const MODEL_EVENTS = ["Transfer", "RoyaltySet", "RestrictionSet", "RequesterAllowed"] as const;

type ModelEvent = TimedEventNamed<(typeof MODEL_EVENTS)[number]>;
type Changing = Omit<ModelView, "versions" | "lookalikes">;

const EMPTY = { royalties: [], isRestricted: false, listed: [], transfers: [] } as const;
const BYTES = 32;

/** Tokens of OPG move in events of the same name; those are about no model. */
function modelOfEvent(event: ModelEvent): string | undefined {
  if (event.name !== "Transfer") return event.args.modelId;
  return event.contract === "registry" ? toBeHex(event.args.tokenId, BYTES) : undefined;
}

function afterModelEvent(model: Changing, event: ModelEvent): Changing {
  const said = { at: event.timestamp, tx: event.transactionHash };
  switch (event.name) {
    case "Transfer": {
      const { from, to } = event.args;
      if (from === ZeroAddress) return model;
      return { ...model, owner: to, transfers: [...model.transfers, { from, to, ...said }] };
    }
    case "RoyaltySet": {
      const { royalty: value, effectiveAt } = event.args;
      const royalty = { value, announcedAt: said.at, effectiveAt: Number(effectiveAt), tx: said.tx };
      return { ...model, royalties: [...model.royalties, royalty] };
    }
    case "RestrictionSet":
      return { ...model, isRestricted: event.args.restricted };
    case "RequesterAllowed": {
      const { requester, allowed } = event.args;
      const others = model.listed.filter((entry) => entry.requester !== requester);
      return { ...model, listed: allowed ? [...others, { requester, ...said }] : others };
    }
  }
}
