export { HEADER_LENGTH, type OipMessage } from "./body.ts";
export { type Datatype, datatypeOf, dtypeOf, isBinaryOnly } from "./datatypes.ts";
export { NotInJsonError, OipFormatError, OipStatusError } from "./errors.ts";
export {
  BINARY_EXTENSION,
  type ModelMetadata,
  readModelMetadata,
  readServerMetadata,
  type ServerMetadata,
  type TensorMetadata,
  tensorMetadata,
} from "./metadata.ts";
export * from "./OipClient.ts";
export * from "./request.ts";
export * from "./response.ts";
export { type NamedTensor } from "./tensors.ts";
