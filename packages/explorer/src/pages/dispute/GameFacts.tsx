import { laidRootOf, unpackGameRules } from "@opg-protocol/sdk";
import type { ReactNode } from "react";
import { Link } from "wouter";

import type { Dispute } from "../../entities/disputes.ts";
import { nameOfVersion } from "../../entities/names.ts";
import { useHistory } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Duration } from "../../parts/Duration.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { to } from "../../routes.ts";
import { GameLink } from "./GameLink.tsx";
import { StatementLink } from "./StatementLink.tsx";
import { stepText } from "./words.ts";

interface Props {
  readonly dispute: Dispute;
}

/** Who plays, about what, under which rules: what the chain alone tells. */
export function GameFacts({ dispute }: Props): ReactNode {
  const { gameId, game, stated, laid, moves } = dispute;
  const { index } = useHistory();
  const opened = moves.find(({ kind }) => kind === "challenged");
  const version = stated?.versionId;
  return (
    <>
      <Facts
        items={[
          ["Game", <GameLink key="" gameId={gameId} />],
          ["Node", <AddressLink key="" address={game.node} />],
          ["Challenger", <AddressLink key="" address={game.challenger} />],
          ["Bond", <Amount key="" value={game.bond} {...(opened && { tx: opened.tx })} />],
          ["About", <StatementLink key="" stated={stated} />],
          [
            "Model",
            version && (
              <Link key="" href={to.version(version)}>
                {nameOfVersion(index, version)}
              </Link>
            ),
          ],
          ["Step in dispute", laid ? stepText(laid.index, dispute) : "not named yet"],
        ]}
      />
      <Commitments dispute={dispute} />
    </>
  );
}

/** What both sides have committed to, and the rules that the game keeps. */
function Commitments({ dispute }: Props): ReactNode {
  const { game, laid } = dispute;
  const { respondPeriod, pickPeriod, revealPeriod, judgePeriod } = unpackGameRules(game.rules);
  const clocks = [respondPeriod, pickPeriod, revealPeriod, judgePeriod];
  return (
    <details className="more">
      <summary>Roots and rules</summary>
      <Facts
        items={[
          ["Statement", <Hash key="" value={game.statementId} />],
          ["Stated output", <Hash key="" value={game.outputRoot} />],
          ["Input", <Hash key="" value={game.inputRoot} />],
          ["Challenger's trace", <Hash key="" value={game.traceRoot} />],
          ["Data root, the challenger's", laid && <Hash key="" value={laidRootOf(dispute, laid.index) ?? ""} />],
          ["Data root, the node's", laid && <Hash key="" value={laid.answer.nodeRoot} />],
          ["Ranks by block", game.rank.toLocaleString("en")],
          ["Referee", <AddressLink key="" address={game.referee} />],
          [
            "Clocks: respond, pick, reveal, judge",
            clocks.map((seconds, i) => (
              <span key={i}>
                {i > 0 && ", "}
                <Duration seconds={seconds} />
              </span>
            )),
          ],
        ]}
      />
    </details>
  );
}
