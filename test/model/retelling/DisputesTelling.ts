import { ZeroHash } from "ethers";

import type { DisputeGame } from "../../../typechain-types/index.ts";
import type { View } from "../views.ts";
import { Authority } from "./Control.ts";
import { answer, type Hears, type Telling } from "./Telling.ts";

/** @see DisputeState in contracts/types/DisputeTypes.sol */
const ASKED = 1n;
const COUNT_SHIFT = 40n;
const DEADLINE_SHIFT = 8n;

/** Games that a node leaves unanswered, with their bonds; who judges what. */
export class DisputesTelling implements Telling {
  private readonly authority = new Authority("disputes");
  private readonly balances = new Map<string, bigint>();
  private readonly statements = new Map<string, bigint>();
  private readonly records = new Map<string, bigint>();
  private readonly referees = new Map<string, string>();
  private readonly admitted = new Set<string>();
  private rules: string = ZeroHash;
  readonly hears: Hears<DisputeGame> = {
    ...this.authority.hears,
    RulesSet: ({ rules }) => {
      this.rules = rules;
    },
    RefereeAdded: ({ profile, referee }) => {
      this.referees.set(profile, referee);
    },
    VersionAdmitted: ({ versionId }) => {
      this.admitted.add(versionId);
    },
    Deposited: ({ account, amount }) => {
      this.credit(account, amount);
    },
    Challenged: ({ statementId, gameId, game, deadline }) => {
      this.credit(game.challenger, -game.bond);
      this.statements.set(statementId, (this.statements.get(statementId) ?? 0n) + (1n << COUNT_SHIFT));
      this.records.set(gameId, ASKED | (deadline << DEADLINE_SHIFT));
    },
    // Nothing is answered here, so every game ends by the node's silence and decides its statement.
    DisputeEnded: ({ statementId, disputeId, state, payee, paid }, { time }) => {
      this.credit(payee, paid);
      this.statements.set(statementId, BigInt.asUintN(256, BigInt(time) | (BigInt(disputeId) << COUNT_SHIFT)));
      this.records.set(disputeId, state | (BigInt(payee) << DEADLINE_SHIFT));
    },
  };

  answers(): View[] {
    const each = (method: string, values: ReadonlyMap<string, unknown>) =>
      [...values].map(([key, value]) => answer("disputes", method, [key], value));
    return [
      ...this.authority.answers(),
      answer("disputes", "governed", [], this.rules),
      ...each("balanceOf", this.balances),
      ...each("statementRecordOf", this.statements),
      ...each("recordOf", this.records),
      ...each("refereeOf", this.referees),
      ...[...this.admitted].map((version) => answer("disputes", "isAdmitted", [version], true)),
    ];
  }

  private credit(account: string, amount: bigint): void {
    this.balances.set(account, (this.balances.get(account) ?? 0n) + amount);
  }
}
