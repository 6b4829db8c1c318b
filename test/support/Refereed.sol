// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {RoundId, SignedSeal} from "../../contracts/types/CommitmentTypes.sol";
import {Statement} from "../../contracts/types/DisputeTypes.sol";
import {JOB_TAG, Job, JobId, JobRecord, JobShape} from "../../contracts/types/JobTypes.sol";
import {Judged} from "./Judged.sol";
import {VM} from "./Vm.sol";

/// @title Three nodes, each drawn into every job, that serve a version with a referee
abstract contract Refereed is Judged {
    using JobRecordLib for JobRecord;

    uint256 internal constant NOW = 1_000_000;
    uint256 internal constant BLOCK = 1_000;
    uint256 internal constant OWN_STAKE = 100_000e18;
    uint256 internal constant MAX_LOCK = 90_000e18;
    uint256 internal constant SEAL_PERIOD = 2;
    uint256 internal constant WINDOW = 100;
    /// @dev More than two prices and four bonds, in prices of an OPG or more.
    uint256 internal constant FACTOR = 2_100;
    address internal constant REQUESTER = address(0x1e9);
    bytes32 internal constant SALT = "salt";

    /// @dev Ascending by address.
    address[] internal _nodes = [address(0x0de1), address(0x0de2), address(0x0de3)];

    function _setUp() internal {
        VM.warp(NOW);
        VM.roll(BLOCK);
        _publishJudged(0);
        for (uint256 i; i < _nodes.length; ++i) {
            _endow(_nodes[i]);
            _register(_nodes[i], 1 + i, OWN_STAKE);
            VM.prank(_nodes[i]);
            STAKING.authorise(_nodes[i], address(MARKET), MAX_LOCK);
            VM.prank(_nodes[i]);
            MARKET.serve(_nodes[i], _version, OWN_STAKE, MAX_LOCK, NOW + 80 days);
        }
        _endow(REQUESTER);
        VM.prank(REQUESTER);
        MARKET.deposit(REQUESTER, FORTUNE);
        VM.warp(NOW + 10);
    }

    /// @dev An order of two answers.
    function _order(uint256 price) internal view returns (Job memory order) {
        order.versionId = _version;
        order.inputRoot = "input";
        order.requester = JobLib.pair(REQUESTER, price);
        order.shape = JobShape.wrap(bytes32(2 | (FACTOR << 24) | (SEAL_PERIOD << 40) | (WINDOW << 136)));
    }

    /// @dev A job at the start of its sealing.
    function _open(uint256 price) internal returns (Job memory job) {
        job = _order(price);
        _request(job, PUBLISHER);
        VM.warp(block.timestamp + 2);
        VM.roll(block.number + 3);
    }

    function _commit(Job memory job, uint256 node, bytes32 root) internal {
        bytes32 commitment = COMMITMENTS.sealOf(_roundOf(job), _nodes[node], root, SALT);
        _accept(VM.addr(1 + node), address(MARKET), abi.encodeCall(MARKET.commit, (job, _nodes[node], commitment)));
    }

    /// @dev What a key signs as a node's signer, so that anybody can bring it.
    function _signed(
        Job memory job,
        uint256 node,
        bytes32 root,
        uint256 key
    ) internal view returns (SignedSeal memory) {
        RoundId roundId = _roundOf(job);
        return _signSeal(key, roundId, _nodes[node], COMMITMENTS.sealOf(roundId, _nodes[node], root, SALT));
    }

    /// @dev What the node has stated with its reveal.
    function _statementOf(
        Job memory job,
        uint256 node,
        bytes32 root
    ) internal view returns (Statement memory statement) {
        (statement.consumer, statement.jobId) = (address(MARKET), JobId.unwrap(_idOf(job)));
        (statement.modelId, statement.version) = (_model, _judgedIdentity());
        (statement.inputRoot, statement.node, statement.outputRoot) = (job.inputRoot, _nodes[node], root);
    }

    function _recordOf(Job memory job) internal view returns (JobRecord record) {
        (record, ) = MARKET.jobOf(_idOf(job));
    }

    function _idOf(Job memory job) internal view returns (JobId) {
        return JobId.wrap(keccak256(abi.encode(JOB_TAG, block.chainid, MARKET, job)));
    }

    function _roundOf(Job memory job) internal view returns (RoundId) {
        return COMMITMENTS.roundIdOf(address(MARKET), JobId.unwrap(_idOf(job)), 0, job.versionId, job.inputRoot);
    }
}
