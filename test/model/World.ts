import { HDNodeWallet, keccak256, Mnemonic, toUtf8Bytes, TypedDataEncoder, ZeroHash } from "ethers";

import type { AbiValue } from "../../packages/sdk/src/codecs/abi.ts";
import { sealHash } from "../../packages/sdk/src/codecs/commitment.ts";
import {
  bytesTensor,
  encodePayload,
  errorRoot,
  PayloadError,
  payloadRoot,
} from "../../packages/sdk/src/codecs/payload.ts";
import type { Clock } from "./Clock.ts";
import type { GuardianModel } from "./GuardianModel.ts";
import type { JobModel } from "./JobModel.ts";
import type { Ledger } from "./Ledger.ts";
import type { MarketModel } from "./MarketModel.ts";
import type { RegisteredModel, RegistryModel } from "./RegistryModel.ts";
import type { StakingModel } from "./StakingModel.ts";
import type { SeatFault } from "./steps.ts";

/** Everybody who acts, by lower-case address. */
export interface Cast {
  readonly admin: string;
  readonly guardian: string;
  readonly publisher: string;
  readonly stranger: string;
  /** A consumer of stake beside the market: locks and slashes as it likes. */
  readonly consumer: string;
  readonly treasury: string;
  readonly requesters: readonly string[];
  readonly delegators: readonly string[];
  readonly operators: readonly { readonly node: string; readonly signer: string }[];
  readonly spareSigners: readonly string[];
  /** A callback that takes results unless it is told to refuse them. */
  readonly recorder: string;
}

/** An output by its number: what is sealed, and what is delivered. */
export interface Output {
  readonly root: string;
  readonly fault: PayloadError;
  readonly payload: Uint8Array;
}

const NOTHING = new Uint8Array();
const errorOutput = (fault: PayloadError): Output => ({ root: errorRoot(fault), fault, payload: NOTHING });
function textOutput(text: string): Output {
  const tensors = [bytesTensor(toUtf8Bytes(text))];
  return { root: payloadRoot(tensors), fault: PayloadError.None, payload: encodePayload(tensors) };
}

export const OUTPUTS: readonly Output[] = [
  { root: ZeroHash, fault: PayloadError.None, payload: NOTHING },
  textOutput("right"),
  textOutput("wrong"),
  textOutput("also wrong"),
  errorOutput(PayloadError.InputMissing),
  errorOutput(PayloadError.RefusedByModel),
];

/** The model of the whole suite. */
export class World {
  /** Jobs by the number of their request. */
  readonly jobs = new Map<number, JobModel>();
  /** How often what happened. */
  readonly seen = new Map<string, number>();
  /** Tokens sent to a contract that nobody is owed. */
  private readonly gifts = new Map<string, bigint>();
  refuses = false;

  constructor(
    readonly cast: Cast,
    readonly clock: Clock,
    readonly token: Ledger,
    readonly guardian: GuardianModel,
    readonly registry: RegistryModel,
    readonly staking: StakingModel,
    readonly market: MarketModel,
  ) {}

  note(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  job(number: number): JobModel {
    const job = this.jobs.get(number);
    if (job === undefined) throw new Error(`No job ${number}`);
    return job;
  }

  get versions(): readonly [string, string] {
    const [first, second] = this.registry.models;
    return [first.versionId, second.versionId];
  }

  donate(from: string, to: string, amount: bigint): void {
    this.token.move(from, to, amount);
    this.gifts.set(to, (this.gifts.get(to) ?? 0n) + amount);
  }

  /** What each contract holds beyond what it owes and was given; nothing, if the model adds up. */
  surpluses(): bigint[] {
    const { market, staking, token } = this;
    const surplus = (holder: string, owed: bigint) => token.of(holder) - owed - (this.gifts.get(holder) ?? 0n);
    return [surplus(market.constants.address, market.owed()), surplus(staking.address, staking.owed())];
  }

  registered(version: string): RegisteredModel {
    const model = this.registry.models.find(({ versionId }) => versionId === version);
    if (model === undefined) throw new Error(`No version ${version}`);
    return model;
  }

  /** What a node seals in the running draw of a job. */
  commitment(job: JobModel, node: string, output: number): string {
    const { chainId, commitments } = this.market.constants;
    const outputRoot = rootOf(output);
    return sealHash({ chainId, commitments, roundId: job.round.id, node, outputRoot, salt: saltOf(job, node) });
  }

  /** The seats of a job, with a fault. */
  seats(job: JobModel, fault: SeatFault): string[] {
    const seats = job.seats;
    switch (fault) {
      case "none":
        return seats;
      case "missing":
        return seats.slice(1);
      case "doubled":
        return seats.length === 0 ? [this.cast.stranger] : [...seats.slice(0, 1), ...seats.slice(0, -1)];
      case "descending":
        return [...seats].reverse();
      case "foreign":
        return [...seats.slice(0, -1), this.cast.stranger];
    }
  }

  /** The signature with which a hot key agrees to act for a node. */
  consent(signer: string, node: string): string {
    const { chainId } = this.market.constants;
    const domain = { name: "OPG NodeStaking", version: "1", chainId, verifyingContract: this.staking.address };
    const message = { node, signer, nonce: this.staking.nonces.get(signer) ?? 0 };
    const digest = TypedDataEncoder.hash(domain, CONSENT, message);
    return keyOf(signer).signingKey.sign(digest).serialized;
  }
}

export const rootOf = (output: number): string => (OUTPUTS[output] ?? textOutput(`output ${output}`)).root;
/** Everybody's salts can be guessed here, so that a shrunk sequence still reveals what it sealed. */
export const saltOf = (job: JobModel, node: string): string => keccak256(`${job.id}${node.slice(2)}`);

const CONSENT = {
  SignerConsent: [
    { name: "node", type: "address" },
    { name: "signer", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

const MNEMONIC = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
const ACCOUNTS = 60;
const keys = new Map<string, HDNodeWallet>();

/** The key of one of the chain's well-known accounts. */
function keyOf(address: string): HDNodeWallet {
  if (keys.size === 0) {
    const root = HDNodeWallet.fromMnemonic(MNEMONIC, "m/44'/60'/0'/0");
    for (let i = 0; i < ACCOUNTS; i++) keys.set(root.deriveChild(i).address.toLowerCase(), root.deriveChild(i));
  }
  const key = keys.get(address);
  if (key === undefined) throw new Error(`No key for ${address}`);
  return key;
}

/** Arguments of a call; structs by the names of their fields. */
export type Arguments = readonly (AbiValue | object)[];
