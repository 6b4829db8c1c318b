/** What is asked for is not here. */
export class UnknownModelError extends Error {
  constructor(
    readonly model: string,
    readonly version: string | undefined,
  ) {
    super(
      version === undefined
        ? `This node serves no model "${model}".`
        : `This node serves no version "${version}" of a model "${model}".`,
    );
    this.name = "UnknownModelError";
  }
}

/** What a call carries is not what the model takes. */
export class MisfitError extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = "MisfitError";
  }
}

/** More calls than may be here at once, or than one caller may have here. */
export class CrowdedError extends Error {
  constructor(
    readonly most: number,
    readonly whose: "all callers" | "one caller",
  ) {
    super(`${most} calls of ${whose} are here already: ask again later.`);
    this.name = "CrowdedError";
  }
}

/** No new calls are taken: the node stops. */
export class ClosingError extends Error {
  constructor() {
    super("This node is stopping: ask another one.");
    this.name = "ClosingError";
  }
}

/** A call was not run in time. */
export class OverdueError extends Error {
  constructor(
    /** What it was too slow in. */
    readonly stage: "arriving" | "waiting",
    readonly seconds: number,
  ) {
    super(
      stage === "arriving" ? `The call has not arrived in ${seconds} s.` : `The call was not begun in ${seconds} s.`,
    );
    this.name = "OverdueError";
  }
}

/** A body that is longer than what is taken. */
export class TooLargeError extends Error {
  constructor(
    /** Bytes. */
    readonly most: number,
  ) {
    super(`The body has more than ${most} bytes.`);
    this.name = "TooLargeError";
  }
}

/** A body in a form that is not read. */
export class EncodingError extends Error {
  constructor(readonly encoding: string) {
    super(`The body is encoded with "${encoding.slice(0, 32)}": send it as it is.`);
    this.name = "EncodingError";
  }
}
