import { id } from "ethers";

import { modelId, versionId, type VersionIdentity } from "../../packages/sdk/src/codecs/model.ts";
import { DETAILS, IDENTITY } from "../support/fixtures.ts";
import type { Actions } from "./actions.ts";
import type { Kind } from "./steps.ts";

type RegistryKind = Extract<
  Kind,
  "registerModel" | "releaseVersion" | "setRoyalty" | "setRestricted" | "setAllowed" | "sellModel"
>;

const contract = "registry" as const;

/** What a model releases beside the version that is ordered. */
const identityOf = (minor: number): VersionIdentity => ({ ...IDENTITY, artifactDigest: id(`artifact ${minor}`) });

/** What can be done on ModelRegistry. */
export const registryActions: Actions<RegistryKind> = {
  registerModel: {
    contract,
    method: "registerModel",
    args: (_world, c) => [c.slug, 0n, false],
    run: (world, c, from) => {
      world.registry.registerModel(from, modelId(from, c.slug));
    },
    touched: () => [],
  },
  releaseVersion: {
    contract,
    method: "release",
    args: (world, c) => [world.registered(c.version).modelId, identityOf(c.minor), { ...DETAILS, minor: c.minor }],
    run: (world, c, from) => {
      const model = world.registered(c.version);
      world.registry.releaseVersion(from, model, versionId(model.modelId, identityOf(c.minor)));
    },
    touched: () => [],
  },
  setRoyalty: {
    contract,
    method: "setRoyalty",
    args: (world, c) => [world.registered(c.version).modelId, c.royalty],
    run: (world, c, from) => {
      world.registry.setRoyalty(from, world.registered(c.version), c.royalty);
    },
    touched: () => [],
  },
  setRestricted: {
    contract,
    method: "setRestricted",
    args: (world, c) => [world.registered(c.version).modelId, c.restricted],
    run: (world, c, from) => {
      world.registry.setRestricted(from, world.registered(c.version), c.restricted);
    },
    touched: () => [],
  },
  setAllowed: {
    contract,
    method: "setAllowed",
    args: (world, c) => [world.registered(c.version).modelId, [c.requester], c.allowed],
    run: (world, c, from) => {
      world.registry.setAllowed(from, world.registered(c.version), c.requester, c.allowed);
    },
    touched: () => [],
  },
  sellModel: {
    contract,
    method: "transferFrom",
    args: (world, c) => {
      const { owner, modelId } = world.registered(c.version);
      return [owner, c.to, modelId];
    },
    run: (world, c, from) => {
      world.registry.transfer(from, world.registered(c.version), c.to);
    },
    touched: () => [],
  },
};
