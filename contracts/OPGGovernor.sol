// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

import {VoteBounds} from "./base/VoteBounds.sol";
import {IOPGGovernor} from "./interfaces/IOPGGovernor.sol";
import {ControlLib} from "./libraries/ControlLib.sol";
import {VoteNumbers} from "./types/ControlTypes.sol";

/// @title Votes of those who hold OPG
contract OPGGovernor is
    VoteBounds,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotesQuorumFraction,
    GovernorPreventLateQuorum,
    GovernorTimelockControl
{
    uint256 private constant OPG = 1e18;

    /// @param token OPG: its votes and its clock.
    /// @param timelock_ Executes what was voted for.
    /// @param mostVotePeriod The most that a vote can ever last, from its proposal on, seconds.
    /// @param numbers The governed numbers at first.
    constructor(
        IVotes token,
        TimelockController timelock_,
        uint256 mostVotePeriod,
        VoteNumbers memory numbers
    )
        VoteBounds(mostVotePeriod)
        Governor("OPGGovernor")
        GovernorSettings(numbers.votingDelay, numbers.votingPeriod, numbers.proposalThreshold)
        GovernorVotes(token)
        GovernorVotesQuorumFraction(numbers.quorumBps)
        GovernorPreventLateQuorum(numbers.lateQuorumPeriod)
        GovernorTimelockControl(timelock_)
    {}

    /// @notice Refuses: with another timelock, votes would take effect without this one's delay.
    function updateTimelock(TimelockController) public view override {
        revert ControlTimelockFixed(timelock());
    }

    /// @notice The parts of the supply that `quorumNumerator` counts: basis points.
    function quorumDenominator() public pure override returns (uint256) {
        return 10_000;
    }

    /// @inheritdoc GovernorSettings
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc GovernorTimelockControl
    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    /// @inheritdoc GovernorPreventLateQuorum
    function proposalDeadline(
        uint256 proposalId
    ) public view override(Governor, GovernorPreventLateQuorum) returns (uint256) {
        return super.proposalDeadline(proposalId);
    }

    /// @inheritdoc GovernorTimelockControl
    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    /// @inheritdoc IOPGGovernor
    function timelock() public view override(GovernorTimelockControl, IOPGGovernor) returns (address) {
        return super.timelock();
    }

    function _setVotingDelay(uint48 period) internal override {
        ControlLib.within("votingDelay", period, 5, 7 days);
        super._setVotingDelay(period);
        _checkVotePeriod();
    }

    function _setVotingPeriod(uint32 period) internal override {
        ControlLib.within("votingPeriod", period, 30, 14 days);
        super._setVotingPeriod(period);
        _checkVotePeriod();
    }

    function _setLateQuorumVoteExtension(uint48 period) internal override {
        ControlLib.within("lateQuorumPeriod", period, 0, 3 days);
        super._setLateQuorumVoteExtension(period);
        _checkVotePeriod();
    }

    function _setProposalThreshold(uint256 votes) internal override {
        ControlLib.within("proposalThreshold", votes, OPG, 1e7 * OPG);
        super._setProposalThreshold(votes);
    }

    function _updateQuorumNumerator(uint256 bps) internal override {
        ControlLib.within("quorumBps", bps, 200, 2_000);
        super._updateQuorumNumerator(bps);
    }

    function _checkVotePeriod() private view {
        uint256 period = votingDelay() + votingPeriod() + lateQuorumVoteExtension();
        ControlLib.within("votePeriod", period, 0, MOST_VOTE_PERIOD);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
