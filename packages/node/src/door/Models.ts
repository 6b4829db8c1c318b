import type { Executable } from "../execute/Executor.ts";
import type { Offers } from "../offer/Offers.ts";
import { UnknownModelError } from "./errors.ts";

/** How callers can name a version that this node serves. */
export interface ModelName {
  readonly versionId: string;
  /** What the operator calls its model; undefined where only the id names it. */
  readonly name: string | undefined;
  /** What its owner calls it: major and minor number. */
  readonly release: readonly [major: number, minor: number];
}

/** A version that was asked for, and is served. */
export interface ServedModel {
  /** As it was asked for. */
  readonly name: string;
  readonly release: string;
  readonly executable: Executable;
}

/** What this node serves, by the names under which it is asked for. */
export class Models {
  constructor(
    private readonly offers: Pick<Offers, "versions" | "executable">,
    private readonly names: readonly ModelName[],
  ) {}

  /**
   * A model is named by a version's id, or by the name that the operator gave; of several versions of a name, the latest is
   * meant unless another is asked for.
   * @param version Such as `1.0`.
   * @throws UnknownModelError
   */
  find(model: string, version: string | undefined): ServedModel {
    const id = model.toLowerCase();
    const served = this.served().filter(({ name, versionId }) => name === model || versionId === id);
    const chosen = served.find(({ release }) => version === undefined || textOf(release) === version);
    if (chosen === undefined) throw new UnknownModelError(model, version);
    const { versionId, release } = chosen;
    return { name: model, release: textOf(release), executable: this.offers.executable(versionId) };
  }

  /** Releases that can be asked for under a name. */
  releases(model: string): string[] {
    const { versionId } = this.find(model, undefined).executable;
    const served = this.served().filter((known) => known.name === model || known.versionId === versionId);
    return served.map(({ release }) => textOf(release));
  }

  /** Whether nothing is served, or nothing any more. */
  get isEmpty(): boolean {
    return this.served().length === 0;
  }

  /** What is not in quarantine, the latest releases first. */
  private served(): readonly ModelName[] {
    const offered = new Set(this.offers.versions());
    return this.names
      .filter(({ versionId }) => offered.has(versionId))
      .sort(({ release: [a, b] }, { release: [c, d] }) => c - a || d - b);
  }
}

const textOf = ([major, minor]: ModelName["release"]): string => `${major}.${minor}`;
