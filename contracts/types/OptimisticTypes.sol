// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountAmount} from "./JobTypes.sol";
import {VersionId} from "./ModelTypes.sol";

/// @dev The small numbers of a job, from the lowest bit: windowPeriod 24 (seconds in which an answer can be disputed) |
/// answerPeriod 24 (seconds to answer) | callbackGas 32 | nonce 48 (tells orders apart that are equal otherwise) |
/// auditBps 16 (chance that one more node is paid to answer, too; zero: the answer is not sealed) | auctionDelay 16 and auctionRamp 24 (seconds before the price rises, and in which it does) | flags 8 (1: the callback
/// takes a provisional answer) | valueAtStake 24 (whole OPG; what a false answer can cost the requester beyond the price) |
/// requestedAt 40 (unix seconds; since when the order stands, and its price rises). An order that is never audited can say a time that is
/// not in the future; in any other the market writes its own. Read and written by `OptimisticJobLib`.
type OptimisticShape is bytes32;

/// @dev The governed numbers that a job lives under and carries, from the lowest bit: feeBps 16 | royaltyCapBps 16 |
/// deterrence 8 | latePenaltyFactor 8 | finisherShareBps 16 | challengerShareBps 16 | disputeBond 24 | maxAnswerPeriod 24 |
/// mostWindowPeriod 24 | horizonPeriod 24 | absenceBps 16 | auditSeats 8 | auditSteps 8 | auditSealPeriod 16 |
/// auditRevealPeriod 24. `OptimisticNumbers` says what they mean. Read and written by
/// `OptimisticRulesLib`.
type OptimisticRules is bytes32;

/// @dev What storage keeps of a job, from the lowest bit: state 8 | flags 8 | price 40 (millionths of OPG) | time 40 (unix
/// seconds; beginning of the state, in `Stated` end of the window) | 160 bits: who has reserved the job, or failed at it; from
/// `Stated` on the upper bits of the id of what was stated. Read and written by `OptimisticRecordLib`.
type OptimisticRecord is uint256;

/// @dev A job for one node, as it travels in events and calldata; storage keeps one slot under its hash. An *order* is a job
/// in which the market has yet to fill in what it knows: the rules, the time, and the payee of the royalty, whose amount
/// is the most that the requester accepts.
struct OptimisticJob {
    VersionId versionId;
    bytes32 inputRoot; // payload root of the input
    AccountAmount requester; // pays, may cancel, gets refunds; with the price, of an open job the highest
    AccountAmount node; // who is to answer; zero for an open job, with its lowest price
    AccountAmount callback; // contract that receives the result, or zero; with the tip for delivering to it
    AccountAmount royalty; // owner of the model at the request; with what it earns
    OptimisticShape shape;
    OptimisticRules rules;
}

/// @dev Zero is none. The first four that follow are under way, the others are final. What was sealed in a job that may be
/// audited is known to ResultCommitments alone.
enum OptimisticState {
    None,
    Named, // the named node may answer
    Open, // anyone may reserve it
    Reserved, // the node that reserved it may answer
    Stated, // a node has answered without a seal, which can be disputed
    Answered, // final: the answer stands
    Refused, // final: the node states that there is no output (a canonical error), and earns nothing
    Unanswered, // final: nobody answered in time
    Falsified, // final: the last answer was false
    Cancelled, // final
    Undecided // final: node and auditor state different outputs, and nobody has disputed either
}

/// @dev The numbers of `OptimisticRules`, unpacked. Periods in seconds.
struct OptimisticNumbers {
    uint16 feeBps; // of what the node earns, to the treasury
    uint16 royaltyCapBps; // of what the node earns, to the model's owner at most
    uint8 deterrence; // tenths; times price and value at stake, over the chance that somebody checks
    uint8 latePenaltyFactor; // times the price, for who reserves and does not answer
    uint16 finisherShareBps; // of that penalty, for the second node
    uint16 challengerShareBps; // of what a liar's own stake has left when the requester is paid
    uint24 disputeBond; // whole OPG; four of them answer for each answer
    uint24 maxAnswerPeriod;
    uint24 mostWindowPeriod;
    uint16 absenceBps; // of the collateral, for an auditor's silence, and for both where answers differ and nobody disputes
    uint8 auditSeats; // tenths of a seat that the first step of an audit's draw expects
    uint8 auditSteps; // times that its threshold doubles
    uint16 auditSealPeriod; // of one step
    uint24 auditRevealPeriod;
}

/// @dev What a node did in a round, as far as its job is concerned.
enum Conduct {
    Absent, // it has not sealed
    Silent, // it has sealed and not revealed
    False, // it has stated what is proven false
    Error, // it has stated an error, which nobody can dispute
    Upheld // it has stated an output that stands
}

/// @dev How a job ends whose answer was sealed.
struct AuditOutcome {
    OptimisticState state; // Answered, Refused and Undecided end the job; after Unanswered and Falsified a second node may come
    bytes32 outputRoot; // what the job's node has revealed; zero if it was silent
    address[] challengers; // who proved that false
    Conduct auditor;
    bool auditPaid; // the auditor earns the price
    address[] auditChallengers; // who proved false what the auditor has revealed
}

/// @dev What a node has to pay that loses all of its collateral.
struct Punishment {
    uint256 collateral; // OPG
    uint256 harm; // OPG that make the requester whole
    uint256 prize; // OPG for a second node
    address[] challengers; // who proved a lie; nobody proves a silence
}
