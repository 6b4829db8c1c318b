// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {StatementId, Transport} from "./CommitmentTypes.sol";
import {ModelId, VersionIdentity} from "./ModelTypes.sol";

/// @dev The upper 216 bits of the hash of a game, demand or refutation, as a number, so that a statement finds what decided
/// it in one storage slot: `keccak256(abi.encode(GAME_TAG, chainid, DisputeGame, game)) >> 40`, with DEMAND_TAG for a demand,
/// with REFUTATION_TAG and the statement's id for its refutation.
type DisputeId is bytes32;

/// @dev The governed numbers under which a game lives, from the lowest bit: bondFactor 8 | bondFloor 24 |
/// respondPeriod 24 | pickPeriod 24 | revealPeriod 24 | judgePeriod 24 | demandPeriod 24 | demandMarkupBps 16 |
/// bondToNodeBps 16 | referenceGasPrice 40 | opgPerEth 32. `DisputeRules` says what they mean. Read and written by
/// `GameRulesLib`.
type GameRules is bytes32;

/// @dev What storage keeps of a game, demand or refutation. While it is under way, from the lowest bit: state 8 | deadline 40 |
/// chunk 8 (how many groups there are, then which one was entered; the last part of a tensor, then which one was picked) |
/// answer 200 (of the hash of an `Answer`). Once it has ended: state 8 | account 160 (who got what was laid down).
/// Read and written by `DisputeRecordLib`.
type DisputeRecord is uint256;

/// @dev What storage keeps of a disputed statement, from the lowest bit: falseAt 40 (unix seconds; 0: not found false) |
/// then 216 bits: how many games and demands are under way or, once it is false, which one decided. Read and written by
/// `StatementRecordLib`.
type StatementRecord is uint256;

/// @dev A challenger who shares the reward, from the lowest bit: account 160 | rank 48. Zero is none.
type Sharer is uint256;

/// @dev Of right challengers that share a reward with the one who decided.
uint256 constant SHARER_PLACES = 3;

/// @dev What answers for a statement holds so many bonds beside everything else: the winner of a dispute is sure to get two.
uint256 constant COLLATERAL_BONDS = 4;

bytes32 constant GAME_TAG = keccak256("OPG/game");
bytes32 constant DEMAND_TAG = keccak256("OPG/demand");
bytes32 constant REFUTATION_TAG = keccak256("OPG/refutation");
bytes32 constant CHALLENGE_TAG = keccak256("OPG/challenge");

/// @dev Preimages of a statement's id, down to the identity of the version, and where its existence is proven.
struct Statement {
    address consumer; // whose round it was made in
    bytes32 jobId;
    uint256 attempt;
    ModelId modelId;
    VersionIdentity version;
    bytes32 inputRoot;
    address node; // who stated it
    bytes32 outputRoot;
    Transport transport;
}

/// @dev One challenger against one node, as it travels in events and calldata. Storage keeps one slot under its hash.
struct Game {
    StatementId statementId;
    bytes32 inputRoot; // what the statement's model was run on
    bytes32 outputRoot; // what the statement says that the model made of it
    bytes32 stepsRoot; // of the version's graph
    bytes32 traceRoot; // what the challenger lays down
    address node;
    address challenger;
    address referee;
    uint256 bond; // OPG
    uint256 rank; // block of the challenge's seal, or of its opening where there was none
    uint256 openedAt; // unix seconds
    GameRules rules;
}

/// @dev The first step whose tensor the node makes differently, and that it is what the challenger laid down.
struct StepProof {
    uint256 index;
    bytes32 root; // what the challenger's trace says
    bytes32[] rootPath; // of it under the game's traceRoot
    bytes step; // as `IReferee.own` takes it
    bytes32[] stepPath; // of its hash under the game's stepsRoot
}

/// @dev What a node lays down: its own tensor of the first step where it differs.
struct Answer {
    bytes32 stepHash;
    bytes32 nodeRoot; // data root of the tensor
    uint256 depth; // of its tree
}

/// @dev Words of a statement's input or output that somebody paid for. Storage keeps one slot under its hash.
struct Demand {
    StatementId statementId;
    bytes32 root; // of the payload
    address node;
    address payer;
    uint256 price; // OPG
    uint256 tensor; // place in the payload
    uint256 firstWord;
    uint256 count; // of words
    uint256 deadline; // unix seconds; the last one in which they can be supplied
}

/// @dev Demanded words and what proves them.
struct Supply {
    bytes32[] tensorRoots; // of the payload
    uint8 dtype; // of the demanded tensor
    uint32[] shape;
    bytes32 dataRoot;
    bytes32[] words; // those of the demanded that the tensor has
    bytes32[] siblings; // what hashing them up to dataRoot lacks: level by level from the leaves up, left before right
}

enum PayloadSide {
    Input,
    Output
}

/// @dev Zero is none. The first eight that follow are under way, the others are final.
enum DisputeState {
    None,
    Asked, // the node is to name the step where it differs
    Grouped, // the node is to enter the group of steps where it differs
    Entered, // the challenger is to lay down that group
    Laid, // the node is to name the step of that group where it differs
    Answered, // the challenger is to pick a part of the node's tensor
    Picked, // the node is to show that part
    Shown, // somebody is to prove an element wrong
    Demanded, // the node is to supply words
    NodeLost, // final: the statement is false
    ChallengerLost, // final: the bond is lost
    Moot, // final: something else decided the statement
    Supplied, // final: the node has published what was demanded
    Withheld, // final: it has not, so the statement is false
    Refuted // final: the statement is false by the shapes of its input alone
}

enum Verdict {
    Open, // it can still be found false
    Upheld, // final: its window and all disputes are over
    False // final
}

/// @dev The numbers of `GameRules`, unpacked. Periods in seconds.
struct DisputeRules {
    uint8 bondFactor; // times what a game can cost the node in gas
    uint24 bondFloor; // whole OPG
    uint24 respondPeriod; // to name a step, or to enter a group
    uint24 pickPeriod; // also to lay a group down
    uint24 revealPeriod; // to show the part, or to name a step of a group
    uint24 judgePeriod;
    uint24 demandPeriod; // to supply words
    uint16 demandMarkupBps; // on the gas that supplying costs
    uint16 bondToNodeBps; // of a lost bond; the rest is burned
    uint40 referenceGasPrice; // wei; gas is priced at this or the block's base fee, whichever is more
    uint32 opgPerEth; // turns gas into OPG
}
