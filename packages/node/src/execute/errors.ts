/** The model cannot run on this input. Every node finds the same, so it is a result. */
export class RefusedByModelError extends Error {
  constructor(
    readonly versionId: string,
    readonly reason: string,
  ) {
    super(`Version ${versionId} refuses its input: ${reason}`);
    this.name = "RefusedByModelError";
  }
}

/** The run failed here: out of time, out of memory, or the runtime died. Another node may succeed. */
export class ExecutionError extends Error {
  constructor(
    readonly versionId: string,
    readonly reason: string,
  ) {
    super(`Version ${versionId} could not be run here: ${reason}`);
    this.name = "ExecutionError";
  }
}

/** The run was not begun, or not ended, for a reason that says nothing of the version: too many wait, or the node stops. */
export class RunDeclinedError extends Error {
  constructor(
    readonly versionId: string,
    readonly reason: string,
  ) {
    super(`Version ${versionId} is not run now: ${reason}`);
    this.name = "RunDeclinedError";
  }
}

/**
 * A backend elsewhere does not take an input. Only the runtime here can tell whether the model refuses it, which every node would
 * find alike, or that backend alone.
 */
export class ForeignRefusalError extends Error {
  constructor(
    readonly versionId: string,
    readonly reason: string,
  ) {
    super(`The backend does not take an input of version ${versionId}: ${reason}`);
    this.name = "ForeignRefusalError";
  }
}
