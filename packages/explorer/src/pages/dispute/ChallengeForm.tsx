import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import type { StatedAnswer } from "../../entities/statedAnswers.ts";
import { useRead } from "../../network/useRead.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Async } from "../../parts/Async.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { to } from "../../routes.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { useWallet } from "../../wallet/useWallet.ts";
import { type BondNeeded, bondNeeded, challengeHere, gameOpened } from "./challengeHere.ts";
import { DifferentNumbers } from "./DifferentNumbers.tsx";
import type { OwnRun } from "./run/ownRun.ts";

interface Props {
  readonly stated: StatedAnswer;
  readonly own: OwnRun;
  readonly canChallenge: boolean;
  /** Who has challenged it already, in lower case. */
  readonly challengers: ReadonlySet<string>;
}

/** Whether the answer is what the model gives here, and a challenge if it is not. */
export function ChallengeForm({ stated, own, canChallenge, challengers }: Props): ReactNode {
  const { outputRoot, run, made } = own;
  if (run === undefined || outputRoot === undefined || made === undefined)
    return (
      <p className="note wait">
        What the model reads, its input or the output that was stated, is not to be had, so the answer could not be
        computed here.
      </p>
    );
  if (outputRoot === stated.outputRoot)
    return (
      <p className="note good">
        This browser gets the same output, bit for bit: <Hash value={outputRoot} />. A challenge would lose its bond, so
        none is offered.
      </p>
    );
  return (
    <>
      <div className="note bad" role="status">
        <p>
          <strong>This answer is false.</strong>
        </p>
        <p>
          The node stated <Hash value={stated.outputRoot} />, the model gives <Hash value={outputRoot} />.
        </p>
        <DifferentNumbers node={stated.node} outputRoot={stated.outputRoot} run={run} />
      </div>
      {canChallenge && <Challenge statement={made.statement} run={run} challengers={challengers} />}
    </>
  );
}

interface ChallengeProps extends Pick<Props, "challengers"> {
  readonly statement: NonNullable<OwnRun["made"]>["statement"];
  readonly run: NonNullable<OwnRun["run"]>;
}

/** Account of nobody: a visitor without a wallet sees the whole bond. */
const NOBODY = "0x0000000000000000000000000000000000000000";

function Challenge({ statement, run, challengers }: ChallengeProps): ReactNode {
  const { account = NOBODY } = useWallet();
  const [isSealed, setIsSealed] = useState(true);
  const [gameId, setGameId] = useState<string>();
  // A challenge of this very form does not take the form away.
  const [before] = useState(challengers);
  const needed = useRead(["bond needed", account], (client) => bondNeeded(client, account));
  if (before.has(account.toLowerCase())) return <p>You have challenged it already: see the dispute above.</p>;
  return (
    <ActionForm
      title="Challenge this answer"
      submit="Challenge"
      run={(client) => challengeHere(client, { statement, run, isSealed })}
      onDone={(mined) => {
        if (mined !== undefined) setGameId(gameOpened(mined));
      }}
      done={
        <>The game is open. {gameId !== undefined && <Link href={to.dispute(gameId)}>See whose move it is</Link>}</>
      }
    >
      <Async read={needed} what="the bond">
        {(found) => <BondText needed={found} />}
      </Async>
      <label>
        <input
          type="checkbox"
          checked={isSealed}
          onChange={(event) => {
            setIsSealed(event.target.checked);
          }}
        />{" "}
        Seal it first: whoever copies your challenge then ranks behind you. One more transaction.
      </label>
    </ActionForm>
  );
}

function BondText({ needed: { bond, deposit } }: { readonly needed: BondNeeded }): ReactNode {
  return (
    <p>
      The bond is <Amount value={bond} />. You get it back with a part of the node&apos;s stake if the answer is found
      false, and lose it if it is not.{" "}
      {deposit > 0n ? (
        <>
          Your wallet is asked for a signature over <Amount value={deposit} />, which is deposited with the challenge;
          what the bond does not take stays yours.
        </>
      ) : (
        "Your balance for disputes covers it."
      )}
    </p>
  );
}
