// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {Round, RoundId} from "../../contracts/types/CommitmentTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {SuiteAdmin} from "./SuiteAdmin.sol";
import {VM} from "./Vm.sol";

/// @title Rounds in which anybody may seal, and the first of them
/// @dev The stage is the consumer whose rounds these are.
abstract contract RoundStage is SuiteAdmin {
    bytes32 internal constant JOB = "job";
    VersionId internal constant VERSION = VersionId.wrap("version");
    bytes32 internal constant INPUT = "input";
    bytes32 internal constant ROOT = "root";
    bytes32 internal constant SALT = "salt";
    uint256 internal constant NOW = 1_000_000;
    uint256 internal constant YEAR = 365 days;

    /// @dev Ends of the first sealing step and of the last, and the time to reveal.
    uint256 internal constant STEP_END = NOW + 10;
    uint256 internal constant LAST_END = NOW + 40;
    uint256 internal constant REVEAL_PERIOD = 20;

    RoundId internal _round;

    function setUp() external {
        VM.warp(NOW);
        _round = _roundOf(JOB, 0);
    }

    function _roundOf(bytes32 jobId, uint256 attempt) internal view returns (RoundId) {
        return COMMITMENTS.roundIdOf(address(this), jobId, attempt, VERSION, INPUT);
    }

    function _terms(uint256 least, uint256 most) internal pure returns (Round) {
        return RoundLib.terms(STEP_END, LAST_END, REVEAL_PERIOD, least, most, 0);
    }
}
