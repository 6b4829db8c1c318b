// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {Round} from "../../contracts/types/CommitmentTypes.sol";
import {RoundStage} from "../support/RoundStage.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @title What was stated, how often, and until when it can be disputed
contract StatementsTest is RoundStage {
    uint256 private constant NODES = 7;
    uint256 private constant ROOTS = 3;

    /// @dev Counts are those of the reveals, whoever comes when, and the leader is the first output with the most [I35].
    function testFuzz_reveal_countsWhatIsStated(uint256 seed) external {
        _sealAll(seed, 0);
        uint256[ROOTS] memory counts;
        bytes32 leader;
        uint256 most;
        for (uint160 i; i < NODES; ++i) {
            bytes32 root = _rootOf(seed, i);
            COMMITMENTS.reveal(_round, address(i), root, SALT);
            if (++counts[uint256(root) - 1] > most) (most, leader) = (counts[uint256(root) - 1], root);
            (, bytes32 given) = COMMITMENTS.roundOf(_round);
            require(given == leader, "leader");
            require(COMMITMENTS.disputableUntil(_round, address(i), root) == 0, "until");
        }
        for (uint256 k; k < ROOTS; ++k) {
            require(COMMITMENTS.countOf(_round, bytes32(k + 1)) == counts[k], "count");
        }
    }

    /// @dev Where a referee judges, the first output leads for good, and what each node stated can be read.
    function testFuzz_reveal_keepsWhatCanBeDisputed(uint256 seed, uint32 window) external {
        window = uint32(bound(window, 1, type(uint32).max));
        _sealAll(seed, window);
        bytes32 leader = _rootOf(seed, 0);
        uint256 count;
        for (uint160 i; i < NODES; ++i) {
            bytes32 root = _rootOf(seed, i);
            require(COMMITMENTS.outputOf(_round, address(i)) == 0, "nothing yet");
            COMMITMENTS.reveal(_round, address(i), root, SALT);
            if (root == leader) ++count;
            (, bytes32 given) = COMMITMENTS.roundOf(_round);
            require(given == leader && COMMITMENTS.countOf(_round, leader) == count, "leader");
            require(COMMITMENTS.outputOf(_round, address(i)) == root, "output");
            require(
                COMMITMENTS.disputableUntil(_round, address(i), root) == STEP_END + REVEAL_PERIOD + window,
                "until"
            );
        }
    }

    /// @dev Sealed by every node, and open to reveals.
    function _sealAll(uint256 seed, uint32 window) private {
        Round terms = RoundLib.terms(STEP_END, STEP_END, REVEAL_PERIOD, 1, NODES, window);
        for (uint160 i; i < NODES; ++i) {
            bytes32 commitment = COMMITMENTS.sealOf(_round, address(i), _rootOf(seed, i), SALT);
            COMMITMENTS.seal(JOB, 0, VERSION, INPUT, address(i), commitment, terms);
        }
        VM.warp(STEP_END);
    }

    function _rootOf(uint256 seed, uint256 i) private pure returns (bytes32) {
        return bytes32(1 + (uint256(keccak256(abi.encode(seed, i))) % ROOTS));
    }
}
