import { demand } from "./Refusal.ts";

/** A model with one version, and what an order of it costs on top. */
export interface RegisteredModel {
  readonly modelId: string;
  readonly versionId: string;
  owner: string;
  royalty: bigint;
  restricted: boolean;
  readonly allowed: Set<string>;
}

/** As much of IModelRegistry as a market asks for, without a notice period of royalties. */
export class RegistryModel {
  constructor(readonly models: readonly [RegisteredModel, RegisteredModel]) {}

  quote(versionId: string, requester: string): { royalty: bigint; payee: string } {
    const model = this.models.find((known) => known.versionId === versionId);
    demand(model !== undefined, "RegistryUnknownVersion", versionId);
    const allowed = !model.restricted || model.allowed.has(requester);
    demand(allowed, "RegistryRequesterNotAllowed", model.modelId, requester);
    return { royalty: model.royalty, payee: model.owner };
  }

  setRoyalty(caller: string, model: RegisteredModel, royalty: bigint): void {
    this.checkOwner(caller, model);
    model.royalty = royalty;
  }

  setRestricted(caller: string, model: RegisteredModel, restricted: boolean): void {
    this.checkOwner(caller, model);
    model.restricted = restricted;
  }

  setAllowed(caller: string, model: RegisteredModel, requester: string, allowed: boolean): void {
    this.checkOwner(caller, model);
    if (allowed) model.allowed.add(requester);
    else model.allowed.delete(requester);
  }

  /** Sells the model: later jobs pay the next owner. */
  transfer(caller: string, model: RegisteredModel, to: string): void {
    demand(caller === model.owner, "ERC721InsufficientApproval", caller, BigInt(model.modelId));
    model.owner = to;
  }

  private checkOwner(caller: string, model: RegisteredModel): void {
    demand(caller === model.owner, "RegistryNotModelOwner", model.modelId, caller, model.owner);
  }
}
