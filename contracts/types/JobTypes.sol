// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {VersionId} from "./ModelTypes.sol";

/// @dev `keccak256(abi.encode(JOB_TAG, chainid, market, job))`.
type JobId is bytes32;

/// @dev An account in the lower 160 bits, and an amount of OPG that goes with it in the upper 96.
type AccountAmount is bytes32;

/// @dev The small numbers of a job, from the lowest bit: quorum 8 | auditBps 16 | collateralFactor 16 | sealPeriod 24 |
/// callbackGas 32 | nonce 40 | windowPeriod 24 | requestedAt 48 | requestBlock 48. The quorum is the least number of agreeing nodes;
/// auditBps the chance that their agreement is checked by one more draw; collateralFactor what a seat locks, in seat
/// prices; sealPeriod the seconds of one sealing step; the nonce tells orders apart that are equal otherwise; windowPeriod
/// the seconds in which a reveal can be disputed, zero exactly where the version has no referee.
type JobShape is bytes32;

/// @dev The governed numbers that a job lives under. They travel inside the job, so that what governance does later
/// cannot reach it, and no call has to look them up. From the lowest bit: feeBps 16 | seatFactorBps 16 | absenceBps 16 |
/// noResultFeeBps 16 | errorFeeBps 16 | royaltyCapBps 16 | drawnValueCap 24 | maxSealPeriod 16 | widenSteps 4 |
/// appealWidenSteps 4 | appealSize 8 | activationPeriod 20 | revealPeriod 20 | appealSealPeriod 20 |
/// appealRevealPeriod 20 | horizonPeriod 24. `Rules` says what they mean.
type JobRules is bytes32;

/// @dev What storage keeps of a job, from the lowest bit: state 8 | seedBlockFixed 8 | delivered 8 | tipReclaimed 8 |
/// seed 128 | seedBlock 48 | startedAt 48. In a settled job the upper 176 bits of the result's root stand in the place of
/// seed and seedBlock. Read and written by `JobRecordLib`.
type JobRecord is uint256;

bytes32 constant JOB_TAG = keccak256("OPG/job");

/// @dev A job as it travels in events and calldata: packed, because every call on a job carries it. Storage keeps one
/// slot under its hash. An *order* is a job in which the market has yet to fill in what it knows: the rules, the time and
/// block of the request, and the payee of the royalty, whose amount is the most that the requester accepts.
struct Job {
    VersionId versionId;
    bytes32 inputRoot; // payload root of the input
    AccountAmount requester; // pays, may cancel, gets refunds; with the price of a seat
    AccountAmount callback; // contract that receives the result, or zero; with the tip for delivering to it
    AccountAmount royalty; // owner of the model at the request; with what it earns
    JobShape shape;
    JobRules rules;
}

/// @dev Zero is none. The first three that follow are under way, the others are final.
enum JobState {
    None,
    Open, // first draw
    Audit, // the first draw agreed; one more draw checks it
    Appeal, // answers differed; a larger draw decides
    Agreed, // final: the first draw's output stands
    Decided, // final: answers differed, and an appeal or a referee found which one stands
    Refused, // final: the nodes agree that there is no output (a canonical error)
    Undecided, // final: answers differed, and no single one stands
    Unrevealed, // final: fewer than the quorum revealed
    Unanswered, // final: no seed, or fewer than the quorum sealed
    Cancelled // final
}

/// @dev The numbers of `JobRules`, unpacked. Periods in seconds.
struct Rules {
    uint16 feeBps; // of what the nodes earn, to the treasury
    uint16 seatFactorBps; // seats that a draw expects, per quorum
    uint16 absenceBps; // of the collateral, for silence where the rest agree
    uint16 noResultFeeBps; // of the seat price, for each reveal when an appeal stays undecided
    uint16 errorFeeBps; // of the seat price, for an agreed error
    uint16 royaltyCapBps; // of what a quorum earns, to the model's owner at most
    uint24 drawnValueCap; // whole OPG; most escrow of one job
    uint16 maxSealPeriod;
    uint8 widenSteps; // times that a first draw's threshold doubles
    uint8 appealWidenSteps; // the same for audits and appeals
    uint8 appealSize; // seals that an appeal waits for
    uint24 activationPeriod; // stake counts from so long before the request
    uint24 revealPeriod;
    uint24 appealSealPeriod; // of audits and appeals
    uint24 appealRevealPeriod; // of audits and appeals
}

/// @dev What a settlement means for one seat, from the lowest bit: earned 96 (OPG out of the escrow) | lost 96 (OPG of its
/// collateral) | shares 8 (it is paid out of what others lose) | lied 8 (its answer was proven false).
type SeatOutcome is uint256;

/// @dev How a job ends. Slashes may bring in up to `harm` and `compensation`, lies up to `harm` alone; out of that the
/// `sharing` seats are paid first, up to the seat price each, and the requester gets the rest. Amounts in OPG.
struct Settlement {
    JobState state; // the final state
    bool hasOutput; // `outputRoot` is an output proper, not a canonical error
    bytes32 outputRoot; // the job's result; zero if none
    uint256 pay; // what all seats earn out of the escrow
    uint256 harm;
    uint256 compensation;
    uint256 sharing;
    SeatOutcome[] outcomes; // one for each seat, in the order in which seats were given
    address[][] challengers; // for each seat, who proved it a lie; empty where nothing can be disputed
}
