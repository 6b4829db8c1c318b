import type { Clock } from "./Clock.ts";
import type { GuardianModel } from "./GuardianModel.ts";
import { demand } from "./Refusal.ts";

/** A model with one version, and what an order of it costs on top. */
export interface RegisteredModel {
  readonly modelId: string;
  readonly versionId: string;
  owner: string;
  royalty: bigint;
  /** A royalty that was announced and is above the present one. Unix seconds. */
  rise?: { readonly royalty: bigint; readonly at: number } | undefined;
  restricted: boolean;
  readonly allowed: Set<string>;
}

/** As much of IModelRegistry as a market asks for, and its entries. */
export class RegistryModel {
  /** Seconds. */
  noticePeriod = 0;
  /** Models and versions beside those that are ordered. */
  private readonly others = new Set<string>();

  constructor(
    readonly models: readonly RegisteredModel[],
    private readonly admin: string,
    private readonly guardian: GuardianModel,
    private readonly clock: Clock,
  ) {}

  quote(versionId: string, requester: string): { royalty: bigint; payee: string } {
    const model = this.models.find((known) => known.versionId === versionId);
    demand(model !== undefined, "RegistryUnknownVersion", versionId);
    const allowed = !model.restricted || model.allowed.has(requester);
    demand(allowed, "RegistryRequesterNotAllowed", model.modelId, requester);
    return { royalty: this.royaltyNow(model), payee: model.owner };
  }

  registerModel(_caller: string, modelId: string): void {
    this.guardian.checkOpen();
    demand(!this.others.has(modelId), "RegistryModelExists", modelId);
    this.others.add(modelId);
  }

  releaseVersion(caller: string, model: RegisteredModel, versionId: string): void {
    this.checkOwner(caller, model);
    this.guardian.checkOpen();
    demand(!this.others.has(versionId), "RegistryVersionExists", versionId);
    this.others.add(versionId);
  }

  setRoyalty(caller: string, model: RegisteredModel, royalty: bigint): void {
    this.checkOwner(caller, model);
    const current = this.royaltyNow(model);
    const rises = royalty > current;
    model.royalty = rises ? current : royalty;
    model.rise = rises ? { royalty, at: this.clock.now + this.noticePeriod } : undefined;
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

  setNoticePeriod(caller: string, period: number): void {
    demand(caller === this.admin, "AccessManagedUnauthorized", caller);
    this.noticePeriod = period;
  }

  private royaltyNow({ royalty, rise }: RegisteredModel): bigint {
    return rise !== undefined && this.clock.now >= rise.at ? rise.royalty : royalty;
  }

  private checkOwner(caller: string, model: RegisteredModel): void {
    demand(caller === model.owner, "RegistryNotModelOwner", model.modelId, caller, model.owner);
  }
}
