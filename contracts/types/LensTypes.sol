// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobRules, JobState} from "./JobTypes.sol";
import {OptimisticRules, OptimisticState} from "./OptimisticTypes.sol";
import {PriceOffer} from "./PriceTypes.sol";
import {SessionId, SessionState} from "./SessionTypes.sol";

/// @dev What is assumed of whoever might lie. Both are parts of the weight that is enrolled to audit beside the node that
/// answers, in basis points: nobody can see from the chain which nodes are one person's.
struct Liar {
    uint16 shareBps; // belongs to the liar, too
    uint16 onlineBps; // of what does not, is there to audit
}

/// @dev What answers for an answer, and whether a lie pays if nobody looks but the auditor whom an order pays for. OPG in base
/// units.
struct Deterrence {
    uint256 gain; // OPG; what a lie can bring: the price, and what the requester says is at stake
    uint256 collateral; // OPG of the node's stake that answer for the answer
    uint256 loss; // OPG of it that a liar is rid of if it is found, whoever proved it and whoever answers next
    uint256 auditBps; // chance that an auditor is drawn, basis points; zero where nobody is enrolled beside the node
    uint256 auditorWeight; // OPG that are enrolled beside the node, those of the liar included
    uint256 honestWad; // chance that somebody honest gets the seat of an auditor who is drawn, 1e18 is certain
    uint256 breakEvenBps; // the part of such lies that must be found for lying not to pay, basis points
    int256 margin; // OPG; what a lie loses on average if nobody else looks, less what it brings. Below zero lying pays
}

/// @dev What an order would cost, and what it would buy. OPG in base units.
struct OrderQuote {
    OptimisticRules rules; // under which the job would live
    uint256 escrow; // OPG that leave the requester's balance; what is not used comes back
    uint256 fee; // OPG of it for the treasury, for one answer at the order's price
    uint256 royalty; // OPG of it for the owner of the model; the order must accept as much
    address royaltyPayee;
    Deterrence deterrence; // of an open job, at its highest price: a lower one gains less and locks less
}

/// @dev What an order of several nodes would cost, and what it would buy. OPG in base units.
struct InferenceQuote {
    JobRules rules; // under which the job would live
    uint256 escrow; // OPG that leave the requester's balance: the worst price; what is not used comes back
    uint256 royalty; // OPG of it for the owner of the model; the order must accept as much
    address royaltyPayee;
    bool refereed; // a referee can judge what the version gives
    uint256 seatCollateral; // OPG of the stake of each node that answer for its answer
    uint256 mostInputBytes; // of an input that travels with the order
    uint256 mostOutputBytes; // of an output, as `abi.encode(Tensor[])`, that can be delivered
}

/// @dev Where a job of several nodes stands.
struct JobStatus {
    JobState state; // `None` where there is no such job
    bool isFinal; // its state changes no more
    bool hasResult; // an output, or a canonical error, which can be delivered
    bool delivered; // the callback has taken that
    uint256 since; // unix seconds; start of the running draw's sealing, of a final job when it became final
}

/// @dev Where a job of one node stands.
struct OptimisticStatus {
    OptimisticState state; // `None` where there is no such job
    bool isFinal; // its state changes no more
    bool hasResult; // an output, or a canonical error, that stands
    bool delivered; // the callback has taken what the running attempt states
    bool isSecondAttempt; // the first node has failed, and the requester has its money back
    uint256 since; // unix seconds; beginning of the state, in `Stated` end of the window
}

/// @dev What a node offers for calls of a version, and whether it can take a session now.
struct NodeOffer {
    address node;
    PriceOffer price;
    uint256 leastCollateral; // OPG that a session at this price needs at least
    uint256 free; // OPG of its lock that no session holds
    uint256 latestEnd; // unix seconds; no session can end later, by its lock
    address signer; // who consents; zero if nobody does
    bool covered; // its locks do not exceed its stake
}

/// @dev Where a session stands. Amounts in OPG, base units, since it was opened; times in unix seconds.
struct SessionStatus {
    SessionId sessionId;
    SessionState state;
    uint256 funded;
    uint256 redeemed;
    uint256 paid;
    uint256 mostRedeemable; // what vouchers can claim in all now
    uint256 endsAt; // nothing can be redeemed from then on
    uint256 releasableAt; // the collateral is free from then on
    bool covered; // the node's locks do not exceed its stake
}
