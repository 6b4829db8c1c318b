// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobId} from "./JobTypes.sol";
import {VersionId} from "./ModelTypes.sol";
import {PayloadError, Tensor} from "./PayloadTypes.sol";

/// @dev How an output was found, from several nodes on to one. It says what a result is worth; docs/consumers.md has the table.
enum ResultPolicy {
    None,
    Replicated, // nodes drawn by stake agree
    Refereed, // they do, and one honest node among them is enough, because a referee decides
    Optimistic, // one node answers, and nobody has proven it wrong in time
    Audited // as before, and with some chance a second node was paid to answer, too
}

/// @dev Where a job stands, as far as the contract that ordered it is concerned.
enum ResultStatus {
    None, // no job of this contract
    Waiting, // nothing that counts was handed over yet
    Provisional, // handed over, and can still be found false
    Final, // handed over, and can never change
    Void // nothing will come, or what came was found false or is too late
}

/// @dev The input of an order: what nodes run on, and the commitment to it.
struct InferenceInput {
    bytes32 root; // payload root
    bytes carried; // `abi.encode(Tensor[])`, or the URI where nodes find that
}

/// @dev What a contract orders of several nodes. It is the callback itself, and the requester unless another account pays.
struct ReplicatedTerms {
    VersionId versionId;
    uint96 seatPrice; // OPG; what every node earns whose answer stands
    uint96 maxRoyalty; // OPG; most that the model's owner may earn
    uint96 deliveryTip; // OPG; for whoever delivers the result
    uint8 quorum; // least number of agreeing nodes
    uint16 collateralFactor; // what a seat locks, in seat prices
    uint16 auditBps; // chance that an agreement is checked by one more draw
    uint24 sealPeriod; // seconds of one sealing step
    uint24 windowPeriod; // seconds in which a reveal can be disputed; zero exactly where the version has no referee
    uint32 callbackGas;
    uint48 acceptUntil; // unix seconds; a result that is delivered later is refused
}

/// @dev What a contract orders of one node. It is the callback itself, and the requester unless another account pays.
struct OptimisticTerms {
    VersionId versionId;
    address node; // who is to answer; zero for an open job
    uint96 price; // OPG, whole millionths; of an open job the highest
    uint96 lowestPrice; // OPG, whole millionths; of an open job, where its price starts; else zero
    uint96 maxRoyalty; // OPG; most that the model's owner may earn
    uint96 deliveryTip; // OPG; for whoever delivers the result
    uint16 auctionDelay; // seconds before the price of an open job rises
    uint24 auctionRamp; // seconds in which it does
    uint24 answerPeriod; // seconds to answer
    uint24 windowPeriod; // seconds in which the answer can be disputed
    uint24 valueAtStake; // whole OPG; what a false answer can cost beyond the price
    uint16 auditBps; // chance that one more node is paid to answer, too
    bool provisional; // the answer is taken before it is final
    uint32 callbackGas;
    uint48 acceptUntil; // unix seconds; a result that is delivered later is refused
}

/// @dev A result as the contract that ordered it gets it.
struct Inference {
    JobId jobId;
    VersionId versionId; // the version that was run
    ResultPolicy policy;
    ResultStatus status; // `Final`, or `Provisional`
    PayloadError fault; // why there is no output, or `None`
    Tensor[] outputs; // in the order of the version's outputs; empty where there is a fault
}

/// @dev What a contract keeps of a job that it has ordered; one slot.
struct Expectation {
    ResultPolicy policy;
    ExpectationPhase phase;
    bool provisional;
    uint48 acceptUntil; // unix seconds
}

/// @dev How a contract takes the results of a schedule; one slot.
struct Followed {
    ResultPolicy policy;
    bool provisional;
    uint32 acceptPeriod; // seconds after a run; zero: not followed
}

/// @dev `None` is no job of the contract.
enum ExpectationPhase {
    None,
    Waiting,
    Served, // the final result was taken
    Forgotten // the contract wants it no more
}
