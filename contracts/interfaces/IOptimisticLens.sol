// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobId} from "../types/JobTypes.sol";
import {Deterrence, Liar, OptimisticStatus, OrderQuote} from "../types/LensTypes.sol";
import {OptimisticJob, OptimisticState} from "../types/OptimisticTypes.sol";
import {IOptimisticMarketplace} from "./IOptimisticMarketplace.sol";

/// @title What an order of one node means, and where its job stands, in one read
/// @notice Says before an order what it costs, what answers for its answer, and whether lying would pay if nobody but a drawn
/// auditor looked. It reads the market and those whom the market asks, and holds neither tokens nor state; nothing depends on
/// it.
///
/// It shows the worst that is within the rules: the liar's puppets take all places but one among those who share the reward for
/// the proof, and a second node of the liar takes the job over and earns the prize. An honest auditor is taken to dispute what
/// it finds false, and own stake to reach as far as the collateral: what delegators lose pays nobody, but is lost as well.
/// @custom:source docs/trust-model.md#paid-audits
interface IOptimisticLens {
    /// @notice What an order would mean that was placed here and now.
    /// @dev Reverts as `request` would, for a version or terms that the market does not take. Of the input, whose root must not be
    /// zero, of the balance and of the royalty that the order accepts it says nothing.
    /// @param order As `request` takes it.
    /// @param liar What is assumed of whoever might lie.
    function quote(OptimisticJob calldata order, Liar calldata liar) external view returns (OrderQuote memory);

    /// @notice What answers for the answer of a job whose attempt is under way; all zero in any other state.
    /// @dev Of an open job at the price of this second. Who has reserved it leaves the draw of auditors, but counts here.
    /// @param job As in `JobOffered`.
    /// @param liar What is assumed of whoever might lie.
    /// @return state The state that the figures belong to; `None` where there is no such job.
    /// @return deterrence The figures.
    function deterrenceOf(
        OptimisticJob calldata job,
        Liar calldata liar
    ) external view returns (OptimisticState state, Deterrence memory deterrence);

    /// @notice Where a job stands.
    /// @param jobId The job.
    function statusOf(JobId jobId) external view returns (OptimisticStatus memory);

    /// @notice The market whose orders and jobs these are.
    function MARKET() external view returns (IOptimisticMarketplace);
}
