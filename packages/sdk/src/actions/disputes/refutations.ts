import { challengeSeal } from "../../codecs/dispute.ts";
import type { Client } from "../../client.ts";
import { type TensorPreimage } from "../../codecs/tensor.ts";
import { interfaces } from "../../contracts.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import { signerOf } from "../send.ts";
import type { SealChallengeArguments } from "./challenges.ts";
import { type Statement, statementFields, statementIdOf } from "./statements.ts";

const { disputes } = interfaces;

/** Parameters of {@link sealRefutation}. */
export interface SealRefutationParameters {
  readonly statement: Statement;
  /** 32 random bytes. Keep it: the refutation is sent with it. */
  readonly salt: string;
}

/**
 * Puts down that the client's account can refute a statement, so that nobody takes the reward by copying. Send the
 * refutation in a later block.
 * @throws ProtocolError `DisputeSealTaken`.
 */
export const sealRefutation = action(
  "disputes",
  ({ commitment }: SealChallengeArguments) => disputes.encodeFunctionData("seal", [commitment]),
  {
    prepare: (client: Client, { statement, salt }: SealRefutationParameters) => {
      const place = { chainId: client.chainId, disputes: client.addresses.disputes };
      const { account: challenger } = signerOf(client);
      const statementId = statementIdOf(client, statement);
      const shown = statement.inputRoot;
      return Promise.resolve({ commitment: challengeSeal(place, { challenger, statementId, shown, salt }) });
    },
  },
);

/** Parameters of {@link refuteStatement}. */
export interface RefuteStatementParameters {
  readonly statement: Statement;
  /** Of the version's graph, as `encodeHeader` makes it. */
  readonly header: string;
  /** Of the input's tensors, as `tensorPreimage` makes them. */
  readonly inputs: readonly TensorPreimage[];
  /** Of the seal. */
  readonly salt: string;
}

/**
 * Shows by the shapes of its input alone that a statement is false: an output of an input that the model does not take, or
 * `InputMalformed` of one that it takes. Takes no bond. Anyone may.
 * @throws ProtocolError `DisputeNotDisputable`, `DisputeWindowOver`, `DisputeDecided`, `DisputeErrorOutput`,
 * `DisputeNoReferee`, `DisputeWrongGraph`, `DisputeWrongInput`, `DisputeNotRefuted`, `DisputeNotSealed`,
 * `RefereeWrongHeader`.
 */
export const refuteStatement = action(
  "disputes",
  ({ statement, header, inputs, salt }: RefuteStatementParameters) => {
    const preimages = inputs.map((input) => ({ ...input, shape: [...input.shape] }));
    return disputes.encodeFunctionData("refute", [statementFields(statement), header, preimages, salt]);
  },
  {
    result: (mined) => {
      const { statementId, disputeId } = eventIn(mined, "DisputeEnded").args;
      return { statementId, refutationId: disputeId };
    },
  },
);
