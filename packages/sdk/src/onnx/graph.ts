import { getBytes, hexlify, id, keccak256, ZeroHash } from "ethers";

import { abiEncode, type AbiValue } from "../codecs/abi.ts";
import { MerkleTree, WORD, merkleRoot } from "../codecs/merkle.ts";
import { fastKeccak } from "./keccak.ts";
import type { Profile, Program, Spec, Step } from "./program.ts";

const REF = "tuple(uint16 from,uint8 layout,uint8 dtype,uint32[] shape)";
const STEP = `tuple(uint8 opcode,uint8 layout,uint8 dtype,uint32[] shape,${REF}[] inputs,int64[] attrs,bytes32 constRoot,uint8 constDepth)`;
const SPEC = "tuple(string name,uint8 dtype,uint32[] shape,uint16 step)";
const HEADER = `tuple(uint16 n,${SPEC}[] ins,${SPEC}[] outs,bytes32 stepsRoot)`;

/** What a graph root commits to. */
export type Header = Pick<Program, "profile" | "inputs" | "outputs" | "stepsRoot"> & {
  readonly steps: readonly unknown[];
};

function stepFields(step: Step): AbiValue {
  const inputs = step.inputs.map(({ from, layout, dtype, shape }) => [from, layout, dtype, shape]);
  const { opcode, layout, dtype, shape, attrs, constRoot, constDepth } = step;
  return [opcode, layout, dtype, shape, inputs, attrs, constRoot, constDepth];
}

function headerFields({ inputs, outputs, steps, stepsRoot }: Header): AbiValue {
  const fields = ({ name, dtype, shape, step }: Spec): AbiValue => [name, dtype, shape, step];
  return [steps.length, inputs.map(fields), outputs.map(fields), stepsRoot];
}

/** `abi.encode(tag, index, Step)`, as a referee takes it. Its hash is the step's. */
export function encodeStep(step: Step, index: number, profile: Profile): string {
  return abiEncode(["bytes32", "uint16", STEP], [id(`${profile}/step`), index, stepFields(step)]);
}

/** `abi.encode(tag, Header)`, as a referee takes it. Its hash is the graph root. */
export function encodeHeader(header: Header): string {
  return abiEncode(["bytes32", HEADER], [id(`${header.profile}/graph`), headerFields(header)]);
}

/** Hash of the step that stands at `index` of a program: a leaf of `stepsRoot`. */
export function stepHash(step: Step, index: number, profile: Profile): string {
  return keccak256(encodeStep(step, index, profile));
}

/** Root of the tree over the hashes of all steps. */
export function stepsRootOf(steps: readonly Step[], profile: Profile): string {
  const words = new Uint8Array(WORD * steps.length);
  steps.forEach((step, i) => {
    words.set(getBytes(stepHash(step, i, profile)), WORD * i);
  });
  return hexlify(merkleRoot(words));
}

/** What a version commits to: the whole graph with its constants, as the profile reads it. */
export function graphRootOf(header: Header): string {
  return keccak256(encodeHeader(header));
}

/** Root and depth of the tree over a step's constants; zeros where it has none. */
export function constantsCommitment(constants: Uint8Array): Pick<Step, "constRoot" | "constDepth"> {
  if (constants.length === 0) return { constRoot: ZeroHash, constDepth: 0 };
  const tree = new MerkleTree(constants, fastKeccak);
  return { constRoot: hexlify(tree.root), constDepth: tree.depth };
}
