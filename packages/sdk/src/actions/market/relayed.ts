import type { Signer } from "ethers";

import type { Client } from "../../client.ts";
import { type Reveal, sealTypedData, type SignedSeal, signedSeal } from "../../codecs/commitment.ts";
import { interfaces } from "../../contracts.ts";
import { decodeSuiteError, type DecodedError } from "../../errors/decodeSuiteError.ts";
import { eventsIn, type Mined } from "../../events.ts";
import { action } from "../action.ts";
import type { JobParameters } from "./jobs.ts";
import { roundIdOf, runningAttempt, type SeatsArguments, type SeatsParameters } from "./rounds.ts";
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

/** A signed seal for the running draw of a job. */
export interface CommitSignedParameters extends JobParameters {
  readonly seal: SignedSeal;
}

/**
 * Takes a seat for a node that has signed its seal. Anyone may.
 * @throws ProtocolError as `commitResult`, and `CommitmentsBadSignature`.
 */
export const commitSigned = action("market", ({ job, seal }: CommitSignedParameters) =>
  interfaces.market.encodeFunctionData("commitSigned", [job, seal]),
);

/** Signed seals for the running draw of a job. */
export interface SealManyParameters extends JobParameters {
  readonly seals: readonly SignedSeal[];
}

/** A seal that was left out. */
export interface SkippedSeal {
  readonly node: string;
  /** The error that the market gave for it; undefined if this version of the package does not know it. */
  readonly error: DecodedError | undefined;
}

/**
 * Takes seats for several nodes at once. Anyone may. A seal that cannot be made is skipped, and `skipped` says why.
 * @throws ProtocolError `RelayGasTooLow`.
 */
export const sealMany = action(
  "relay",
  ({ job, seals }: SealManyParameters) => interfaces.relay.encodeFunctionData("sealMany", [job, [...seals]]),
  {
    result: (mined: Mined) => ({
      sealed: eventsIn(mined, "ResultSealed").map(({ args }) => args.node),
      skipped: eventsIn(mined, "SealSkipped").map(({ args }): SkippedSeal => ({
        node: args.node,
        error: decodeSuiteError(args.reason),
      })),
    }),
  },
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
 * @throws ProtocolError `CommitmentsRevealTooEarly`, `CommitmentsRevealTooLate`.
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
