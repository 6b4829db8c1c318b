// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {Round, RoundId} from "../../contracts/types/CommitmentTypes.sol";
import {Demand, Statement} from "../../contracts/types/DisputeTypes.sol";
import {AccountAmount, JobId} from "../../contracts/types/JobTypes.sol";
import {OptimisticJob, OptimisticRecord, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {spread} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";
import {Tally} from "./Tally.sol";

/// @title Jobs that may be audited: nodes and auditors who answer rightly, wrongly or not, and somebody who disputes it, at
/// random
/// @dev Every call takes one random number and reads from it what to do.
contract AuditedHandler is Offering, Tally {
    using JobLib for AccountAmount;
    using OptimisticJobLib for OptimisticState;
    using OptimisticRecordLib for OptimisticRecord;
    using RoundLib for Round;

    uint256 private constant MOST_LIVE = 3;
    uint256 private constant MOST_PERIOD = 12;
    uint256 private constant WINDOW = 40;
    /// @dev How often somebody looks for what it could do.
    uint256 private constant MOST_LOOKS = 6;
    bytes32 private constant SALT = "salt";

    OptimisticJob[] private _jobs;
    Demand[] private _demands;
    /// @dev What a job was when it first was final.
    mapping(uint256 index => OptimisticState) public outcomes;
    mapping(uint256 index => address) public auditors;
    /// @dev Who has sealed as the job's node, not as its auditor.
    mapping(uint256 index => address) public sealers;
    mapping(uint256 index => mapping(address node => bytes32)) private _sealed;
    /// @dev What the second node has stated, in clear.
    mapping(uint256 index => bytes32) private _stated;
    mapping(uint256 index => address node) private _secondNode;

    constructor() {
        _setUp();
        _start(address(0x0de3), 3, MAX_LOCK, NOW + 80 days);
        _nodes.push(address(0x0de3));
        for (uint256 i; i < _nodes.length; ++i) {
            VM.prank(_nodes[i]);
            ROSTER.enrol(_nodes[i], _version, OWN_STAKE);
        }
        VM.warp(NOW + 20);
        VM.roll(10_000);
    }

    /// @notice Orders, while few jobs are under way.
    function order(uint256 seed) external {
        uint256 live;
        for (uint256 i; i < _jobs.length; ++i) if (outcomes[i] == OptimisticState.None) ++live;
        if (live == MOST_LIVE) return;
        uint256 any = spread(seed);
        Terms memory terms = any % 3 == 0 ? _open() : _named();
        if (any % 3 != 0) terms.node = _nodes[(any >> 8) % 3];
        (terms.nonce, terms.valueAtStake) = (_jobs.length, (any >> 16) % 3);
        // One in two is audited for sure.
        terms.auditBps = (any >> 24) % 2 == 0 ? 10_000 : 500 + ((any >> 32) % 9_500);
        _jobs.push(_offer(terms));
    }

    /// @notice A node takes an open job.
    function reserve(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS; ++i) {
            seed = spread(seed);
            (bool found, uint256 index, address node, uint256 any) = _pick(seed);
            if (!found) return;
            bytes memory call = abi.encodeCall(OPTIMISTIC.reserve, (_jobs[index], node));
            if (!_wouldTry(any, _signerOf[node], address(OPTIMISTIC), call)) continue;
            _try(_signerOf[node], address(OPTIMISTIC), call);
            return;
        }
    }

    /// @notice The node that holds a job seals its answer, or, in a second attempt, states it.
    function answer(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS && !_answer(seed); ++i) seed = spread(seed);
    }

    /// @notice Some node wants to audit.
    function audit(uint256 seed) external {
        VM.warp(block.timestamp + (spread(seed) % 6));
        VM.roll(block.number + 3);
        for (uint256 i; i < MOST_LOOKS; ++i) {
            seed = spread(seed);
            (bool found, uint256 index, address node, uint256 any) = _pick(seed);
            if (!found) return;
            if (_recordOf(_jobs[index]).attempt() == 1) continue;
            (bool sent, bool did) = _seal(index, node, _outputOf(any >> 8), false, any);
            if (did) auditors[index] = node;
            if (sent) return;
        }
    }

    /// @notice When sealing is over, node and auditor mostly reveal what they have sealed.
    function reveal(uint256 seed) external {
        (bool found, uint256 index, , uint256 any) = _pick(seed);
        if (!found) return;
        (Round round, ) = COMMITMENTS.roundOf(_roundAt(index, 0));
        uint256 opensAt = round.sealingEndsAt();
        if (block.timestamp < opensAt) VM.warp(opensAt);
        if (any % 4 != 0) _reveal(index, sealers[index], any >> 16);
        if ((any >> 8) % 4 != 0) _reveal(index, auditors[index], any >> 24);
    }

    /// @notice Somebody asks for what a node has stated, which will not come.
    function dispute(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS && !_dispute(seed); ++i) seed = spread(seed);
    }

    /// @notice Takes demands back that were not met.
    function reclaim(uint256 seed) external {
        for (uint256 i; i < _demands.length; ++i) {
            bytes memory call = abi.encodeCall(DISPUTES.reclaim, (_demands[i]));
            if (_wouldTry(seed ^ i, WATCHER, address(DISPUTES), call)) _try(WATCHER, address(DISPUTES), call);
        }
    }

    /// @notice Ends a job if it can end, now or after a window's time.
    function end(uint256 seed) external {
        (bool found, uint256 index, , uint256 any) = _pick(seed);
        if (!found) return;
        if (any % 2 == 0) VM.warp(block.timestamp + WINDOW);
        tryEnd(index);
    }

    /// @notice Lets some time go by.
    function pass(uint256 seed) external {
        VM.warp(block.timestamp + (spread(seed) % MOST_PERIOD));
        VM.roll(block.number + 3);
    }

    /// @notice Ends the running attempt by whichever call does, and notes a job's outcome.
    /// @return over Whether the job is.
    function tryEnd(uint256 index) public returns (bool over) {
        if (index >= _jobs.length) return false;
        OptimisticJob memory job = _jobs[index];
        bytes[3] memory calls = [
            abi.encodeCall(OPTIMISTIC.settleAudited, (job, auditors[index])),
            abi.encodeCall(OPTIMISTIC.settle, (job, _secondNode[index], _stated[index])),
            abi.encodeCall(OPTIMISTIC.expire, (job))
        ];
        for (uint256 i; i < calls.length; ++i) {
            bool would = _wouldTry(block.timestamp ^ i, WATCHER, address(OPTIMISTIC), calls[i]);
            if (would) _try(WATCHER, address(OPTIMISTIC), calls[i]);
        }
        OptimisticState state = _recordOf(job).state();
        over = !state.isUnderWay();
        if (outcomes[index] == OptimisticState.None && over) outcomes[index] = state;
    }

    function jobCount() external view returns (uint256) {
        return _jobs.length;
    }

    function jobAt(uint256 index) external view returns (OptimisticJob memory job, OptimisticRecord record) {
        return (_jobs[index], _recordOf(_jobs[index]));
    }

    function nodeAt(uint256 node) external view returns (address, uint256 used, uint256 earned) {
        return (_nodes[node], _usedBy(_nodes[node]), _earnedBy(_nodes[node]));
    }

    function people() external pure returns (address[3] memory) {
        return [REQUESTER, PUBLISHER, WATCHER];
    }

    /// @dev A job that is not over as far as anybody has noticed, and a node.
    function _pick(uint256 seed) private view returns (bool, uint256 index, address node, uint256 any) {
        any = spread(seed);
        node = _nodes[(any >> 64) % 3];
        for (uint256 i; i < _jobs.length; ++i) {
            index = ((any >> 128) + i) % _jobs.length;
            if (outcomes[index] == OptimisticState.None) return (true, index, node, any);
        }
        return (false, 0, node, any);
    }

    /// @dev Gives whether something was sent.
    function _answer(uint256 seed) private returns (bool sent) {
        (bool found, uint256 index, , uint256 any) = _pick(seed);
        if (!found) return false;
        OptimisticJob memory job = _jobs[index];
        OptimisticRecord record = _recordOf(job);
        address node = record.state() == OptimisticState.Named ? job.node.account() : record.node();
        bytes32 root = _outputOf(any >> 8);
        if (record.attempt() == 0) {
            bool did;
            (sent, did) = _seal(index, node, root, true, any);
            if (did) sealers[index] = node;
            return sent;
        }
        bytes memory call = abi.encodeCall(OPTIMISTIC.answer, (job, node, root));
        if (!_wouldTry(any, _signerOf[node], address(OPTIMISTIC), call)) return false;
        if (_try(_signerOf[node], address(OPTIMISTIC), call)) (_stated[index], _secondNode[index]) = (root, node);
        return true;
    }

    function _seal(
        uint256 index,
        address node,
        bytes32 root,
        bool first,
        uint256 any
    ) private returns (bool sent, bool did) {
        OptimisticJob memory job = _jobs[index];
        bytes32 commitment = COMMITMENTS.sealOf(_roundAt(index, 0), node, root, SALT);
        bytes memory call =
            first
                ? abi.encodeCall(OPTIMISTIC.seal, (job, node, commitment))
                : abi.encodeCall(OPTIMISTIC.sealAudit, (job, node, commitment));
        if (!_wouldTry(any, _signerOf[node], address(OPTIMISTIC), call)) return (false, false);
        did = _try(_signerOf[node], address(OPTIMISTIC), call);
        if (did) _sealed[index][node] = root;
        return (true, did);
    }

    function _reveal(uint256 index, address node, uint256 any) private {
        bytes32 root = _sealed[index][node];
        bytes memory call = abi.encodeCall(COMMITMENTS.reveal, (_roundAt(index, 0), node, root, SALT));
        if (_wouldTry(any, WATCHER, address(COMMITMENTS), call)) _try(WATCHER, address(COMMITMENTS), call);
    }

    /// @dev Gives whether something was sent.
    function _dispute(uint256 seed) private returns (bool) {
        (bool found, uint256 index, , uint256 any) = _pick(seed);
        if (!found) return false;
        OptimisticRecord record = _recordOf(_jobs[index]);
        uint256 attempt = record.attempt();
        address node = any % 2 == 0 ? sealers[index] : auditors[index];
        bytes32 root = attempt == 0 ? _sealed[index][node] : _stated[index];
        if (attempt == 1) node = _secondNode[index];
        // What an honest node has stated, it shows; and one lie is never found out.
        if (root == _root || root == "other") return false;
        Statement memory statement = _statementOf(_jobs[index], node, root);
        bytes memory call = _demandCall(statement, 0, 1);
        if (!_wouldTry(any, WATCHER, address(DISPUTES), call)) return false;
        Demand memory demand = _demandOf(WATCHER, statement, 0, 1);
        if (_try(WATCHER, address(DISPUTES), call)) _demands.push(demand);
        return true;
    }

    /// @dev Mostly what is right; a lie, another lie, or an error.
    function _outputOf(uint256 any) private view returns (bytes32) {
        if (any % 6 == 0) return "lie";
        if (any % 6 == 1) return "other";
        return any % 6 == 2 ? COMMITMENTS.rootOf(PayloadError.RefusedByModel, "") : _root;
    }

    function _roundAt(uint256 index, uint256 attempt) private view returns (RoundId) {
        OptimisticJob memory job = _jobs[index];
        bytes32 id = JobId.unwrap(_idOf(job));
        return COMMITMENTS.roundIdOf(address(OPTIMISTIC), id, attempt, job.versionId, job.inputRoot);
    }
}
