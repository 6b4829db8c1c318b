/** Steps for which `REACHED` says how often, at least. */
const PER_STEPS = 100_000;

/** States that random play must reach, and how often at least, so that it does not pass for want of anything to compare. */
const REACHED: Readonly<Record<string, number>> = {
  // How jobs end, and the ways there.
  "job Agreed after Open": 300,
  "job Agreed after Audit": 100,
  "job Audit after Open": 100,
  "job Appeal after Open": 200,
  "job Appeal after Audit": 10,
  "job Decided after Appeal": 100,
  "job Undecided after Appeal": 100,
  "job Undecided after Open": 3,
  "job Refused after Open": 100,
  "job Unrevealed after Open": 300,
  "job Unanswered after Open": 100,
  "job Cancelled after Open": 50,
  "share of what others lost": 300,
  "delivery failed": 20,
  deliver: 50,
  reclaimTip: 5,
  revealAndSettle: 100,
  // What is lost, and how stake moves.
  slash: 100,
  "slash of thawing stake": 300,
  "slash of delegated stake": 10,
  "new epoch": 2,
  release: 20,
  thaw: 100,
  cancelThaw: 30,
  withdrawStake: 20,
  delegate: 100,
  undelegate: 50,
  cancelUndelegate: 5,
  withdrawDelegation: 5,
  proposeCommission: 30,
  acceptOwnership: 5,
  activateSigner: 20,
  revokeSigner: 20,
  setParameters: 20,
  // What is earned, and what governs it.
  claim: 200,
  reward: 50,
  withdrawEarnings: 50,
  collectFees: 50,
  withdraw: 50,
  donate: 50,
  setRules: 20,
  setRoyalty: 20,
  sellModel: 20,
  // What is refused, and is not refused by accident.
  "advance: MarketNotDue": 50,
  "advance: MarketSeedMissed": 5,
  "commit: CommitmentsAlreadySealed": 20,
  "commit: CommitmentsRoundFull": 1,
  "commit: CommitmentsSealingOver": 1,
  "commit: MarketLockTooSmall": 20,
  "commit: MarketNodeNotCovered": 20,
  "commit: MarketNotDrawn": 50,
  "commit: MarketNotFresh": 5,
  "commit: MarketNotSigner": 50,
  "commit: MarketSealingOver": 20,
  "cancel: MarketTooLateToCancel": 20,
  "request: LedgerInsufficientBalance": 1,
  "reveal: CommitmentsMismatch": 20,
  "reveal: CommitmentsRevealTooEarly": 5,
  "reveal: CommitmentsRevealTooLate": 1,
  "settle: CommitmentsNotSealed": 10,
  "settle: PolicyNotFinal": 50,
  "settle: PolicyWrongSeats": 3,
  "serve: StakingOverCap": 10,
  "thaw: StakingNotBacked": 20,
  "delegate: StakingDelegationCeiling": 10,
  "withdrawStake: StakingStillThawing": 5,
};

/** What `steps` random steps have not reached often enough. */
export function missing(seen: ReadonlyMap<string, number>, steps: number): string[] {
  return Object.entries(REACHED).flatMap(([what, times]) => {
    const least = Math.floor((times * steps) / PER_STEPS);
    const given = seen.get(what) ?? 0;
    return given >= least ? [] : [`${what}: ${given} times, not ${least}`];
  });
}
