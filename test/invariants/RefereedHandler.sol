// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {Demand, Statement} from "../../contracts/types/DisputeTypes.sol";
import {Job, JobRecord, JobState} from "../../contracts/types/JobTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {spread} from "../support/Fuzz.sol";
import {Refereed} from "../support/Refereed.sol";
import {VM} from "../support/Vm.sol";
import {Tally} from "./Tally.sol";

/// @title Nodes that answer rightly, wrongly or not, and somebody who disputes some of it, at random
/// @dev Every call takes one random number and reads from it what to do.
contract RefereedHandler is Refereed, Tally {
    using JobRecordLib for JobRecord;

    uint256 private constant MOST_LIVE = 3;
    uint256 private constant MOST_PERIOD = 40;
    /// @dev How often somebody looks for what it could do.
    uint256 private constant MOST_LOOKS = 6;
    uint256 public constant PRICE = 2e18;
    bytes32[2] private OUTPUTS = [bytes32("right"), "wrong"];

    Job[] private _jobs;
    Demand[] private _demands;
    /// @dev What a job was when it first was final.
    mapping(uint256 index => JobState) public outcomes;
    mapping(uint256 index => mapping(uint256 node => bytes32)) private _sealed;

    constructor() {
        _setUp();
    }

    /// @notice Orders, while few jobs are under way.
    function order(uint256) external {
        uint256 live;
        for (uint256 i; i < _jobs.length; ++i) if (outcomes[i] == JobState.None) ++live;
        if (live < MOST_LIVE) _jobs.push(_open(PRICE));
    }

    /// @notice A node seals one of two outputs or errors.
    function commit(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS && !_commit(seed); ++i) seed = spread(seed);
    }

    /// @notice A node reveals what it has sealed.
    function reveal(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS && !_reveal(seed); ++i) seed = spread(seed);
    }

    /// @notice Somebody asks for what a node has stated, which will not come.
    function dispute(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS && !_dispute(seed); ++i) seed = spread(seed);
    }

    /// @notice Takes demands that were not met back.
    function reclaim(uint256 seed) external {
        for (uint256 i; i < _demands.length; ++i) {
            bytes memory call = abi.encodeCall(DISPUTES.reclaim, (_demands[i]));
            if (_wouldTry(seed ^ i, WATCHER, address(DISPUTES), call)) _try(WATCHER, address(DISPUTES), call);
        }
    }

    /// @notice Ends a job if it can end.
    function end(uint256 seed) external {
        (bool found, uint256 index, ) = _pick(seed);
        if (found) tryEnd(index);
    }

    /// @notice Lets some time go by.
    function pass(uint256 seed) external {
        VM.warp(block.timestamp + (spread(seed) % MOST_PERIOD));
        VM.roll(block.number + 1);
    }

    /// @notice Ends a job by whichever call does, and notes its outcome.
    function tryEnd(uint256 index) public returns (bool) {
        if (index >= _jobs.length) return false;
        Job memory job = _jobs[index];
        address[] memory seats = seatsOf(index);
        bytes memory settle = abi.encodeCall(MARKET.settle, (job, seats));
        bytes memory expire = abi.encodeCall(MARKET.expire, (job, seats));
        if (_wouldTry(2 * block.timestamp, address(this), address(MARKET), settle)) {
            _try(address(this), address(MARKET), settle);
        }
        if (_wouldTry(2 * block.timestamp + 1, address(this), address(MARKET), expire)) {
            _try(address(this), address(MARKET), expire);
        }
        JobState state = _recordOf(job).state();
        if (outcomes[index] == JobState.None && _recordOf(job).isFinal()) outcomes[index] = state;
        return _recordOf(job).isFinal();
    }

    function jobCount() external view returns (uint256) {
        return _jobs.length;
    }

    function jobAt(uint256 index) external view returns (Job memory job, JobRecord record) {
        return (_jobs[index], _recordOf(_jobs[index]));
    }

    function nodeAt(uint256 node) external view returns (address, uint256 used, uint256 earned) {
        (, , used, earned, ) = MARKET.servingOf(_nodes[node], _version);
        return (_nodes[node], used, earned);
    }

    function people() external pure returns (address[3] memory) {
        return [REQUESTER, PUBLISHER, WATCHER];
    }

    function seatsOf(uint256 index) public view returns (address[] memory seats) {
        uint256 count;
        seats = new address[](3);
        for (uint256 i; i < 3; ++i) {
            if (COMMITMENTS.entryOf(_roundOf(_jobs[index]), _nodes[i]) != 0) seats[count++] = _nodes[i];
        }
        assembly ("memory-safe") {
            mstore(seats, count)
        }
    }

    /// @dev Gives whether something was sent, as those below do.
    function _commit(uint256 seed) private returns (bool) {
        (bool found, uint256 index, uint256 any) = _pick(seed);
        if (!found) return false;
        uint256 node = any % 3;
        bytes32 root = _rootOf((any >> 8) % 6);
        bytes32 commitment = COMMITMENTS.sealOf(_roundOf(_jobs[index]), _nodes[node], root, SALT);
        bytes memory call = abi.encodeCall(MARKET.commit, (_jobs[index], _nodes[node], commitment));
        address signer = VM.addr(1 + node);
        if (!_wouldTry(any, signer, address(MARKET), call)) return false;
        if (_try(signer, address(MARKET), call)) _sealed[index][node] = root;
        return true;
    }

    function _reveal(uint256 seed) private returns (bool) {
        (bool found, uint256 index, uint256 any) = _pick(seed);
        if (!found) return false;
        uint256 node = any % 3;
        bytes memory call = abi.encodeCall(
            COMMITMENTS.reveal,
            (_roundOf(_jobs[index]), _nodes[node], _sealed[index][node], SALT)
        );
        if (!_wouldTry(any, address(this), address(COMMITMENTS), call)) return false;
        _try(address(this), address(COMMITMENTS), call);
        return true;
    }

    function _dispute(uint256 seed) private returns (bool) {
        (bool found, uint256 index, uint256 any) = _pick(seed);
        if (!found) return false;
        uint256 node = any % 3;
        Statement memory statement = _statementOf(_jobs[index], node, _sealed[index][node]);
        bytes memory call = _demandCall(statement, 0, 1);
        if (!_wouldTry(any, WATCHER, address(DISPUTES), call)) return false;
        Demand memory demand = _demandOf(WATCHER, statement, 0, 1);
        if (_try(WATCHER, address(DISPUTES), call)) _demands.push(demand);
        return true;
    }

    /// @dev A job that is not over, as far as anybody has noticed.
    function _pick(uint256 seed) private view returns (bool, uint256 index, uint256 any) {
        any = spread(seed);
        for (uint256 i; i < _jobs.length; ++i) {
            index = ((any >> 128) + i) % _jobs.length;
            if (outcomes[index] == JobState.None) return (true, index, any);
        }
        return (false, 0, any);
    }

    function _rootOf(uint256 choice) private view returns (bytes32) {
        if (choice == 0) return COMMITMENTS.rootOf(PayloadError.RefusedByModel, "");
        return OUTPUTS[choice % 2];
    }
}
