import type { TensorSpec } from "../codecs/model.ts";
import { datatypeOf } from "./datatypes.ts";
import { OipFormatError } from "./errors.ts";
import { asList, asObject, asOptionalText, asText } from "./fields.ts";
import { MOST_RANK, MOST_TENSORS } from "./tensors.ts";

const MOST_NAMES = 1_024;

/** What a server says of itself. */
export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  /** What it does beyond the protocol; `BINARY_EXTENSION` among others. */
  readonly extensions: readonly string[];
}

/** How servers name tensors as binary data. */
export const BINARY_EXTENSION = "binary_tensor_data";

/** An input or output of a model; a dimension of -1 is left open. */
export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

/** What a server says of a model. */
export interface ModelMetadata {
  readonly name: string;
  /** Those that can be named in a call; empty for a server that knows no versions. */
  readonly versions: readonly string[];
  /** The framework behind it; says nothing to a caller. */
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/** An input or output of a version, as the protocol describes it. */
export function tensorMetadata({ name, dtype, shape }: TensorSpec): TensorMetadata {
  const datatype = datatypeOf(dtype);
  if (datatype === undefined) throw new OipFormatError(name, `its element type ${dtype} has no name in the protocol`);
  return { name, datatype, shape: shape.map((dimension) => (dimension === 0 ? -1 : dimension)) };
}

/** @throws OipFormatError */
export function readServerMetadata(json: unknown): ServerMetadata {
  const fields = asObject("body", json);
  const extensions = asList("extensions", fields.extensions ?? [], MOST_NAMES);
  return {
    name: asText("name", fields.name),
    version: asOptionalText("version", fields.version) ?? "",
    extensions: extensions.map((item, i) => asText(`extensions[${i}]`, item)),
  };
}

/** @throws OipFormatError */
export function readModelMetadata(json: unknown): ModelMetadata {
  const fields = asObject("body", json);
  const versions = asList("versions", fields.versions ?? [], MOST_NAMES);
  return {
    name: asText("name", fields.name),
    versions: versions.map((item, i) => asText(`versions[${i}]`, item)),
    platform: asOptionalText("platform", fields.platform) ?? "",
    inputs: readSpecs("inputs", fields.inputs),
    outputs: readSpecs("outputs", fields.outputs),
  };
}

function readSpecs(place: string, value: unknown): readonly TensorMetadata[] {
  return asList(place, value ?? [], MOST_TENSORS).map((item, i) => {
    const at = `${place}[${i}]`;
    const fields = asObject(at, item);
    const shape = asList(`${at}.shape`, fields.shape, MOST_RANK);
    if (!shape.every((dimension): dimension is number => Number.isSafeInteger(dimension))) {
      throw new OipFormatError(`${at}.shape`, "must be numbers");
    }
    return {
      name: asText(`${at}.name`, fields.name),
      datatype: asText(`${at}.datatype`, fields.datatype),
      shape: [...shape],
    };
  });
}
