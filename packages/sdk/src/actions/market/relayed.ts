import type { Signer } from "ethers";

import type { Client } from "../../client.ts";
import { ascending } from "../../codecs/ascending.ts";
import { type PackedReveal, type Reveal, sealTypedData, type SignedSeal, signedSeal } from "../../codecs/commitment.ts";
import type { PackedJob } from "../../codecs/job.ts";
import { unpackRound } from "../../codecs/round.ts";
import { interfaces } from "../../contracts.ts";
import { decodeSuiteError, type DecodedError } from "../../errors/decodeSuiteError.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { eventsIn, type Mined } from "../../events.ts";
import { action } from "../action.ts";
import { type JobParameters, roundIdOf } from "./jobs.ts";
import { getPack, type Pack, runningAttempt, type SeatsArguments, type SeatsParameters } from "./rounds.ts";
import { settlementIn } from "./settlement.ts";
import { withSeats } from "./withSeats.ts";

/** Parameters of {@link signSeal}. */
export interface SignSealParameters {
  /** The node's hot key. */
  readonly signer: Signer;
  readonly node: string;
  /** The round of the running draw. */
  readonly roundId: string;
  /** What `sealHash` gives for it. */
  readonly commitment: string;
}

/**
 * The signature with which a node seals without sending: whoever has it can take the node's seat, as long as sealing lasts
 * in this round. Keep the salt. Sends nothing.
 */
export async function signSeal(
  { chainId, addresses }: Pick<Client, "chainId" | "addresses">,
  { signer, node, roundId, commitment }: SignSealParameters,
): Promise<SignedSeal> {
  const seal = { chainId, commitments: addresses.commitments, roundId, node, commitment };
  const { domain, types, message } = sealTypedData(seal);
  return signedSeal(seal, await signer.signTypedData(domain, types, message));
}

/** Signed seals for the running draw of a job. */
export interface SealManyParameters extends JobParameters {
  readonly seals: readonly SignedSeal[];
}

const sealedIn = (mined: Mined) => eventsIn(mined, "ResultSealed").map(({ args }) => args.node);

/**
 * Takes seats for nodes that have signed their seals: for all of them or for none. Anyone may. Where they open the first draw,
 * are enough for it, and no referee judges, they are packed, which costs less; `isPacked` says so. Where an audit may follow
 * they have to be unpacked again, and `sealMany` costs less.
 * @throws ProtocolError as `commitResult`, `CommitmentsBadSignature`, and `CommitmentsPacked` if others were packed before:
 * then call `unpackSeals` first.
 */
export const commitSigned = action(
  "market",
  // In another order they are not packed.
  ({ job, seals }: SealManyParameters) => interfaces.market.encodeFunctionData("commitSigned", [job, ascending(seals)]),
  {
    result: (mined: Mined) => ({
      sealed: sealedIn(mined),
      isPacked: eventsIn(mined, "RoundOpened").some(({ args }) => unpackRound(args.terms).isPacked),
    }),
  },
);

/** A seal that was left out. */
export interface SkippedSeal {
  readonly node: string;
  /** The error that the market gave for it; undefined if this version of the package does not know it. */
  readonly error: DecodedError | undefined;
}

/**
 * Takes seats for several nodes at once, each by itself. Anyone may. A seal that cannot be made is skipped, and `skipped` says
 * why. Packs nothing: where nobody is to be skipped, `commitSigned` costs less.
 * @throws ProtocolError `RelayGasTooLow`.
 */
export const sealMany = action(
  "relay",
  ({ job, seals }: SealManyParameters) => interfaces.relay.encodeFunctionData("sealMany", [job, [...seals]]),
  {
    result: (mined: Mined) => ({
      sealed: sealedIn(mined),
      skipped: eventsIn(mined, "SealSkipped").map(({ args }): SkippedSeal => ({
        node: args.node,
        error: decodeSuiteError(args.reason),
      })),
    }),
  },
);

/** What stands in the logs of a round that is packed. */
export type UnpackSealsArguments = Pick<Pack, "roundId" | "word" | "seals">;

/**
 * The seals with which a first draw was opened.
 * @throws NotFoundError if they were not packed.
 */
async function foundPack(client: Client, job: PackedJob): Promise<Pack> {
  const pack = await getPack(client, { job });
  if (pack === undefined) throw new NotFoundError("pack", roundIdOf(client, job, 0));
  return pack;
}

/**
 * Gives each packed seal an entry of its own, after which the first draw goes on as any other: others may join it, those who
 * have revealed count though some have not, and it can be audited and judged. Anyone may, at any time; it changes no clock.
 * @throws ProtocolError `CommitmentsOtherPack` if somebody has done it before; NotFoundError if the seals were not packed.
 */
export const unpackSeals = action(
  "commitments",
  ({ roundId, word, seals }: UnpackSealsArguments) =>
    interfaces.commitments.encodeFunctionData("unpack", [roundId, word, [...seals]]),
  { prepare: (client: Client, { job }: JobParameters) => foundPack(client, job) },
);

/** What is shown of a round. */
export interface RevealManyArguments {
  readonly roundId: string;
  readonly reveals: readonly Reveal[];
}

/** What is shown of the running draw of a job. */
export interface RevealManyParameters extends JobParameters {
  readonly reveals: readonly Reveal[];
}

/** Who has revealed in a transaction, and whose reveal was skipped for which of `RevealFault`. */
const revealsIn = (mined: Mined) => ({
  revealed: eventsIn(mined, "ResultRevealed").map(({ args }) => args.node),
  skippedReveals: eventsIn(mined, "RevealSkipped").map(({ args }) => ({ node: args.node, fault: Number(args.fault) })),
});

/**
 * Shows what several nodes have sealed in the running draw. Anyone who knows the salts may.
 * @throws ProtocolError `CommitmentsRevealTooEarly`, `CommitmentsRevealTooLate`, and `CommitmentsPacked`: then call
 * `unpackSeals` first.
 */
export const revealMany = action(
  "commitments",
  ({ roundId, reveals }: RevealManyArguments) =>
    interfaces.commitments.encodeFunctionData("revealMany", [roundId, [...reveals]]),
  {
    prepare: async (client: Client, { job, reveals }: RevealManyParameters) => ({
      reveals,
      roundId: roundIdOf(client, job, await runningAttempt(client, job)),
    }),
    result: revealsIn,
  },
);

/**
 * Shows what several nodes have sealed, after which nobody has to reveal any more, and ends the job in the same transaction.
 * @throws ProtocolError as `revealMany`, and `PolicyNotFinal` if others have yet to reveal, or an audit or appeal may
 * follow; then call `revealMany`.
 */
export const revealManyAndSettle = action(
  "relay",
  ({ job, roundId, reveals, seats }: RevealManyArguments & SeatsArguments) =>
    interfaces.relay.encodeFunctionData("revealAndSettle", [job, roundId, [...reveals], [...seats]]),
  {
    prepare: async (client: Client, given: RevealManyParameters & SeatsParameters) => ({
      ...(await withSeats(client, given)),
      roundId: roundIdOf(client, given.job, await runningAttempt(client, given.job)),
    }),
    result: (mined: Mined) => ({ ...settlementIn(mined), ...revealsIn(mined) }),
  },
);

/** What shows that all who have sealed in a packed round have sealed the same output. */
export interface RevealPackedArguments extends JobParameters, Pick<Pack, "roundId" | "word"> {
  readonly outputRoot: string;
  /** Of all of them. */
  readonly reveals: readonly PackedReveal[];
}

/** As `RevealPackedArguments`, but the round is read from the logs. */
export type RevealPackedParameters = Omit<RevealPackedArguments, "roundId" | "word">;

/**
 * Shows that all nodes of a packed round have sealed the same output, and ends the job in the same transaction. Anyone who
 * knows the salts may. Nobody's reveal is written: `getSeats` knows of it by how the job ended.
 * @throws ProtocolError `CommitmentsOtherPack` if one is missing or does not fit, or somebody has unpacked the round;
 * `PolicyNotFinal` if an audit may follow; `CommitmentsRevealTooEarly`, `CommitmentsRevealTooLate`. Then call `unpackSeals`, if
 * the round is packed, and `revealMany`. NotFoundError if the seals were not packed.
 */
export const revealPackedAndSettle = action(
  "relay",
  ({ job, roundId, word, outputRoot, reveals }: RevealPackedArguments) =>
    interfaces.relay.encodeFunctionData("revealPackedAndSettle", [job, roundId, word, outputRoot, ascending(reveals)]),
  {
    prepare: async (client: Client, given: RevealPackedParameters) => {
      const { roundId, word } = await foundPack(client, given.job);
      return { ...given, roundId, word };
    },
    result: settlementIn,
  },
);
