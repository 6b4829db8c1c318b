// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IResultCommitments} from "../../contracts/interfaces/IResultCommitments.sol";
import {Batch, BATCH_TAG, BatchId} from "../../contracts/types/CommitmentTypes.sol";
import {bound, outside} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {Trees} from "../support/Trees.sol";
import {VM} from "../support/Vm.sol";

/// @title Many statements under one root
contract BatchesTest is SuiteAdmin {
    uint256 private constant NOW = 1_000_000;
    uint256 private constant MOST_LEAVES = 1 << 32;
    string private constant URI = "ipfs://batch";

    function setUp() external {
        VM.warp(NOW);
    }

    /// @dev A batch has a root, leaves, and a place where they are; all of it within bounds.
    function testFuzz_postBatch_hasItsBounds(address poster, bytes32 root, uint256 count, uint256 length) external {
        VM.assume(root != 0);
        bytes4 selector = IResultCommitments.CommitmentsBatchOutOfBounds.selector;
        bytes memory refusal = abi.encodeWithSelector(selector, bytes32("root"), 0, 1, type(uint256).max);
        _refusePost(poster, 0, 1, URI, refusal);
        uint256 bad = outside(count, 1, MOST_LEAVES, type(uint256).max);
        _refusePost(poster, root, bad, URI, abi.encodeWithSelector(selector, bytes32("count"), bad, 1, MOST_LEAVES));
        count = bound(count, 1, MOST_LEAVES);
        bad = outside(length, 1, 256, 1_024);
        refusal = abi.encodeWithSelector(selector, bytes32("uri"), bad, 1, 256);
        _refusePost(poster, root, count, string(new bytes(bad)), refusal);
        length = length % 3 == 0 ? 256 : bound(length, 1, 256);
        _post(poster, root, count, string(new bytes(length)));
        require(COMMITMENTS.batchPostedAt(Batch(poster, root, count)) == NOW, "posted");
    }

    /// @dev A batch is posted once, so that it has one time; that of another poster is another one.
    function testFuzz_postBatch_happensOnce(address poster, address other, bytes32 root, uint256 elapsed) external {
        VM.assume(root != 0 && other != poster);
        _post(poster, root, 1, URI);
        VM.warp(bound(elapsed, NOW, type(uint48).max));
        bytes4 selector = IResultCommitments.CommitmentsBatchPosted.selector;
        bytes memory refusal = abi.encodeWithSelector(selector, _idOf(Batch(poster, root, 1)), NOW);
        _refusePost(poster, root, 1, "ipfs://elsewhere", refusal);
        require(COMMITMENTS.batchPostedAt(Batch(other, root, 1)) == 0, "another's");
        _post(other, root, 1, URI);
        require(COMMITMENTS.batchPostedAt(Batch(other, root, 1)) == block.timestamp, "its own time");
    }

    /// @dev What is in a batch is there at its index, with its path, and in no batch that was not posted. [T111]
    function testFuzz_checkLeaf_findsWhatIsThere(
        address poster,
        bytes32 statement,
        bytes32 sibling,
        uint256 index,
        bytes32 other
    ) external {
        VM.assume(other != statement);
        index = bound(index, 0, MOST_LEAVES - 1);
        bytes32[] memory path = new bytes32[](1);
        path[0] = sibling;
        Batch memory batch = Batch(poster, _rootOf(index, statement, sibling), index + 1);
        bytes4 selector = IResultCommitments.CommitmentsUnknownBatch.selector;
        _refuseLeaf(batch, index, statement, path, abi.encodeWithSelector(selector, _idOf(batch)));
        _post(poster, batch.root, batch.count, URI);
        require(COMMITMENTS.checkLeaf(batch, index, statement, path) == NOW, "time");
        _refuseAbsent(batch, index, other, path);
        _refuseAbsent(batch, index, statement, new bytes32[](0));
        _refuseAbsent(batch, index == 0 ? 1 : index - 1, statement, path);

        // The same root with fewer leaves: the path is right, and the index beyond the end.
        if (index == 0) return;
        batch.count = index;
        _post(poster, batch.root, index, URI);
        _refuseAbsent(batch, index, statement, path);
    }

    function _post(address poster, bytes32 root, uint256 count, string memory uri) private {
        _accept(poster, address(COMMITMENTS), abi.encodeCall(COMMITMENTS.postBatch, (root, count, uri)));
    }

    function _refusePost(address poster, bytes32 root, uint256 count, string memory uri, bytes memory refusal) private {
        _refuse(poster, address(COMMITMENTS), abi.encodeCall(COMMITMENTS.postBatch, (root, count, uri)), refusal);
    }

    function _refuseLeaf(
        Batch memory batch,
        uint256 index,
        bytes32 statement,
        bytes32[] memory path,
        bytes memory refusal
    ) private {
        bytes memory call = abi.encodeCall(COMMITMENTS.checkLeaf, (batch, index, statement, path));
        _refuse(address(this), address(COMMITMENTS), call, refusal);
    }

    function _refuseAbsent(Batch memory batch, uint256 index, bytes32 statement, bytes32[] memory path) private {
        bytes4 selector = IResultCommitments.CommitmentsNotInBatch.selector;
        bytes memory refusal = abi.encodeWithSelector(selector, _idOf(batch), index, statement);
        _refuseLeaf(batch, index, statement, path, refusal);
    }

    function _idOf(Batch memory batch) private view returns (BatchId) {
        return BatchId.wrap(keccak256(abi.encode(BATCH_TAG, block.chainid, COMMITMENTS, batch)));
    }

    /// @dev Of a tree of a statement and whatever is beside it.
    function _rootOf(uint256 index, bytes32 statement, bytes32 sibling) private pure returns (bytes32) {
        return Trees.sortedPair(Trees.batchLeaf(index, statement), sibling);
    }
}
