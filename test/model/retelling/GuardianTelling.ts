import type { PauseGuardian } from "../../../typechain-types/index.ts";
import type { View } from "../views.ts";
import { Authority } from "./Control.ts";
import { answer, type Hears, type Telling } from "./Telling.ts";

/** Until when the guardian has closed all entries. */
export class GuardianTelling implements Telling {
  private readonly authority = new Authority("pauseGuardian");
  private pausedUntil = 0n;
  readonly hears: Hears<PauseGuardian> = {
    ...this.authority.hears,
    Paused: ({ endsAt }) => {
      this.pausedUntil = endsAt;
    },
    Resumed: (_, { time }) => {
      this.pausedUntil = BigInt(time);
    },
  };

  answers(): View[] {
    return [...this.authority.answers(), answer("pauseGuardian", "pausedUntil", [], this.pausedUntil)];
  }
}
