import {
  PayloadError,
  decodePayload,
  fitsSpec,
  isInlineInput,
  payloadRoot,
  type Tensor,
  type TensorSpec,
} from "@opg-protocol/sdk";

import type { Fetcher } from "../artifacts/Fetcher.ts";

/** What asks for a run: an order in either market. */
export interface Question {
  readonly jobId: string;
  /** The payload itself, or its URI. */
  readonly input: Uint8Array;
  readonly job: { readonly versionId: string; readonly inputRoot: string };
}

/** An input that can be run, or the error on which all nodes agree because all see the same. */
export type Input =
  | { readonly kind: "tensors"; readonly tensors: readonly Tensor[] }
  | { readonly kind: "fault"; readonly fault: PayloadError };

/** Float, as ONNX numbers it. */
const FLOAT32 = 1;

/** What the order carries is not what it commits to: that may fit, so nobody may call it malformed. */
const MISSING: Input = { kind: "fault", fault: PayloadError.InputMissing };
/** Said of an input that fits, it is refuted: never of anything but its types and shapes. */
const MALFORMED: Input = { kind: "fault", fault: PayloadError.InputMalformed };

/** Brings the inputs of jobs here and checks them. */
export class Inputs {
  constructor(
    private readonly fetcher: Fetcher,
    /** Most bytes of an input. */
    private readonly most: number,
  ) {}

  /**
   * The input of a job for a model with this signature. Only what every node sees alike counts as a fault of the input: an
   * input in place, or one that has the root that the job names.
   * @throws if an input elsewhere cannot be fetched or is another one: the node then keeps away from the job.
   */
  async load(job: Question, signature: readonly TensorSpec[], signal?: AbortSignal): Promise<Input> {
    const tensors = await this.payload(job, signal);
    if (tensors === undefined) return MISSING;
    return fits(tensors, signature) ? { kind: "tensors", tensors } : MALFORMED;
  }

  /**
   * The tensors of an input, whatever they are; undefined where the order itself carries others than it commits to.
   * @throws as `load`
   */
  async payload(job: Question, signal?: AbortSignal): Promise<readonly Tensor[] | undefined> {
    const { input } = job;
    const committed = (bytes: Uint8Array): Tensor[] | undefined => {
      const tensors = decode(bytes);
      return tensors !== undefined && payloadRoot(tensors) === job.job.inputRoot ? tensors : undefined;
    };
    if (isInlineInput(input)) return committed(input);
    const read = (bytes: Uint8Array): Tensor[] => {
      const tensors = committed(bytes);
      if (tensors === undefined) throw new Error(`The input of job ${job.jobId} is not what its place serves.`);
      return tensors;
    };
    return this.fetcher.fetch(Buffer.from(input).toString("utf8"), this.most, read, signal);
  }
}

/** Whether a float is not a number: what a quantised model makes of it differs between processors. */
export function holdsNaN(tensors: readonly Tensor[]): boolean {
  return tensors.some(({ dtype, data }) => {
    if (dtype !== FLOAT32) return false;
    const floats = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at < data.length; at += 4) if (Number.isNaN(floats.getFloat32(at, true))) return true;
    return false;
  });
}

/** Undefined for bytes that are no payload; also for tensors whose data does not fit their shape. */
function decode(bytes: Uint8Array): Tensor[] | undefined {
  try {
    const tensors = decodePayload(bytes);
    payloadRoot(tensors);
    return tensors;
  } catch {
    return undefined;
  }
}

/** Whether tensors are of the types and shapes that a model takes; a dimension of 0 in the signature is left open. */
export function fits(tensors: readonly Tensor[], signature: readonly TensorSpec[]): boolean {
  return (
    tensors.length === signature.length &&
    signature.every((spec, i) => {
      const tensor = tensors[i];
      return tensor !== undefined && fitsSpec(tensor, spec);
    })
  );
}
