import { keccak256 } from "ethers";

/** What storage keeps of a node's seal. */
export const entryOfSeal = (commitment: string): string => `${commitment.slice(0, -2)}01`;

/** What storage keeps once a node has revealed. */
export const entryOfReveal = (outputRoot: string): string => `${keccak256(outputRoot).slice(0, -2)}02`;
