// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OptimisticRules} from "./OptimisticTypes.sol";

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
