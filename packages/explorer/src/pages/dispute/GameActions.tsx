import { closeGame, judge, lay, pick, timeOutGame } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import type { Dispute, NextMove } from "../../entities/disputes.ts";
import { sameId } from "../../entities/sameId.ts";
import { useNow } from "../../network/context.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { useWallet } from "../../wallet/useWallet.ts";
import type { OwnRun } from "./run/ownRun.ts";

interface Props {
  readonly dispute: Dispute;
  /** The model as it was run here, if it was. */
  readonly own: OwnRun | undefined;
}

/** What the visitor can do in a game that is under way. */
export function GameActions({ dispute, own }: Props): ReactNode {
  const { next } = dispute;
  const now = useNow();
  if (next === undefined) return undefined;
  if (next.move === "close") return <Close dispute={dispute} />;
  if (now > next.until) return <TimeOut dispute={dispute} next={next} />;
  if (next.move === "lay") return <Lay dispute={dispute} own={own} />;
  if (next.move === "pick") return <Pick dispute={dispute} own={own} />;
  if (next.move === "judge") return <Judge dispute={dispute} own={own} />;
  return <p className="muted">The node makes this move with its own program.</p>;
}

function Close({ dispute: { game, decision } }: Pick<Props, "dispute">): ReactNode {
  return (
    <ActionForm
      title="Close this game"
      submit="Close the game"
      done="The game is closed."
      run={(client) => closeGame(client, { game, deciding: decision?.game ?? game })}
    >
      <p>The bond goes back to the challenger, who takes its place among those who share the reward if it was right.</p>
    </ActionForm>
  );
}

function TimeOut({ dispute: { game }, next }: Pick<Props, "dispute"> & { readonly next: NextMove }): ReactNode {
  const loser = next.by === "node" ? "the node" : "the challenger";
  return (
    <ActionForm
      title="The clock is over"
      submit="End the game"
      done="The game is over."
      run={(client) => timeOutGame(client, { game })}
    >
      <p>Nobody has moved in time, so {loser} loses. Anyone may say so; it costs only gas.</p>
    </ActionForm>
  );
}

function Lay({ dispute: { gameId, game, blockNumber }, own }: Props): ReactNode {
  const { account } = useWallet();
  if (!sameId(game.challenger, account)) return <p className="muted">Only the challenger can make this move.</p>;
  const run = own?.run;
  if (run === undefined)
    return <p>It is your move. Load the model below: this page then lays down the group that the node has entered.</p>;
  return (
    <ActionForm
      title="It is your move"
      submit="Lay the group down"
      done="The node has to name a step now."
      run={(client) => lay(client, { gameId, run, fromBlock: blockNumber })}
    >
      <p>This page sends the data roots of the steps of that group, as the model gives them here.</p>
    </ActionForm>
  );
}

function Pick({ dispute: { gameId, game, blockNumber }, own }: Props): ReactNode {
  const { account } = useWallet();
  if (!sameId(game.challenger, account)) return <p className="muted">Only the challenger can make this move.</p>;
  const run = own?.run;
  if (run === undefined)
    return <p>It is your move. Load the model below: this page then finds the part that differs.</p>;
  return (
    <ActionForm
      title="It is your move"
      submit="Pick the part that differs"
      done="The node has to show that part now."
      run={(client) => pick(client, { gameId, run, fromBlock: blockNumber })}
    >
      <p>This page asks for the first part of the node&apos;s tensor that is not what the model gives here.</p>
    </ActionForm>
  );
}

function Judge({ dispute: { gameId, laid, blockNumber }, own }: Props): ReactNode {
  const run = own?.run;
  if (run === undefined)
    return <p>Load the model below: this page can then prove the wrong element, if there is one. Anyone may.</p>;
  if (laid !== undefined && run.trace.roots[laid.index] === laid.answer.nodeRoot)
    return <p>The node&apos;s tensor is what the model gives here, so there is nothing to prove.</p>;
  return (
    <ActionForm
      title="Prove it"
      submit="Prove the element wrong"
      done="The referee has found the element wrong."
      run={(client) => judge(client, { gameId, run, fromBlock: blockNumber })}
    >
      <p>
        Sends one number of the node&apos;s tensor and all that it is computed from, with proofs. The contract computes
        it. Anyone may; it costs only gas, and the challenger gets the reward.
      </p>
    </ActionForm>
  );
}
