import type { Clock } from "./Clock.ts";
import { demand } from "./Refusal.ts";

/** What was fixed when the guardian's contract was deployed. Periods in seconds. */
export interface GuardianConstants {
  /** Who has the role. */
  readonly guardian: string;
  readonly maxPausePeriod: number;
  readonly coolDownPeriod: number;
}

/** What IPauseGuardian says, and what its targets read. Every function but the last takes its caller first. */
export class GuardianModel {
  /** Unix seconds. */
  pausedUntil = 0;

  constructor(
    private readonly constants: GuardianConstants,
    private readonly clock: Clock,
  ) {}

  get isPaused(): boolean {
    return this.clock.now < this.pausedUntil;
  }

  /** When the next pause can begin. */
  get allowedAt(): number {
    return this.pausedUntil + this.constants.coolDownPeriod;
  }

  pause(caller: string): void {
    this.checkGuardian(caller);
    demand(this.clock.now >= this.allowedAt, "ControlPauseTooSoon", this.allowedAt);
    this.pausedUntil = this.clock.now + this.constants.maxPausePeriod;
  }

  resume(caller: string): void {
    this.checkGuardian(caller);
    demand(this.isPaused, "ControlNotPaused", this.pausedUntil);
    this.pausedUntil = this.clock.now;
  }

  /** Asked where somebody is bound anew, and nowhere else. */
  checkOpen(): void {
    demand(!this.isPaused, "EntryPaused", this.pausedUntil);
  }

  private checkGuardian(caller: string): void {
    demand(caller === this.constants.guardian, "AccessManagedUnauthorized", caller);
  }
}
