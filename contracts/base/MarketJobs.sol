// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarketJobs} from "../interfaces/IMarketJobs.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IResultCommitments} from "../interfaces/IResultCommitments.sol";
import {AccountLib} from "../libraries/AccountLib.sol";
import {CallbackLib} from "../libraries/CallbackLib.sol";
import {HashLib} from "../libraries/HashLib.sol";
import {JobLib} from "../libraries/JobLib.sol";
import {OrderLib} from "../libraries/OrderLib.sol";
import {RoundId} from "../types/CommitmentTypes.sol";
import {AccountAmount, JobId} from "../types/JobTypes.sol";
import {Account, PayloadBounds} from "../types/MarketTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {Slashing} from "../types/StakingTypes.sol";
import {MarketRules} from "./MarketRules.sol";
import {MarketServing} from "./MarketServing.sol";

/// @title What jobs of every market have in common
abstract contract MarketJobs is MarketRules, MarketServing, IMarketJobs {
    using AccountLib for Account;
    using JobLib for AccountAmount;

    uint256 private constant TIP_PERIOD = 30 days;
    uint256 private constant INPUT_BYTES_CAP = 24_576;
    uint256 private constant OUTPUT_BYTES_CAP = 8_192;

    /// @inheritdoc IMarketJobs
    IModelRegistry public immutable REGISTRY;
    IResultCommitments public immutable COMMITMENTS;
    /// @dev Most bytes of an input that travels with its order, and of an output that is delivered on chain.
    uint256 public immutable MOST_INPUT_BYTES;
    uint256 public immutable MOST_OUTPUT_BYTES;

    constructor(IModelRegistry registry, IResultCommitments commitments, PayloadBounds memory bounds) {
        OrderLib.within("mostInputBytes", bounds.mostInputBytes, 0, INPUT_BYTES_CAP);
        OrderLib.within("mostOutputBytes", bounds.mostOutputBytes, 0, OUTPUT_BYTES_CAP);
        REGISTRY = registry;
        COMMITMENTS = commitments;
        MOST_INPUT_BYTES = bounds.mostInputBytes;
        MOST_OUTPUT_BYTES = bounds.mostOutputBytes;
    }

    function _checkRequester(address requester) internal view {
        if (msg.sender != requester) revert MarketNotRequester(msg.sender, requester);
    }

    function _roundIdOf(
        JobId id,
        uint256 attempt,
        VersionId versionId,
        bytes32 inputRoot
    ) internal view returns (RoundId) {
        return HashLib.roundId(address(COMMITMENTS), address(this), JobId.unwrap(id), attempt, versionId, inputRoot);
    }

    /// @dev Takes from what answers for a job's seat.
    function _slash(
        JobId id,
        VersionId versionId,
        address node,
        uint256 loss,
        uint256 harm,
        uint256 compensation
    ) internal returns (Slashing memory) {
        emit SeatSlashed(id, node, loss);
        return _slashLock(versionId, node, loss, harm, compensation);
    }

    /// @dev Pays the requester back, and sets the treasury's part aside.
    function _refund(address requester, uint256 refund, uint256 fee) internal {
        _accounts[requester] = _accounts[requester].plus(refund).plusFees(fee);
    }

    function _checkOutputSize(JobId id, bytes calldata payload) internal view {
        if (payload.length > MOST_OUTPUT_BYTES) revert MarketOutputTooLarge(id, payload.length, MOST_OUTPUT_BYTES);
    }

    /// @dev Calls back, and pays whoever makes that happen. The caller has noted the delivery, and forgets it if this fails.
    function _handOver(
        JobId id,
        AccountAmount callback,
        uint256 gasCap,
        bytes memory data,
        bool tipped
    ) internal returns (bool success) {
        address target = callback.account();
        success = CallbackLib.tryCall(target, gasCap, data);
        if (!success) {
            emit DeliveryFailed(id, target, msg.sender);
            return false;
        }
        uint256 tip = tipped ? callback.amount() : 0;
        _credit(msg.sender, tip);
        emit ResultDelivered(id, target, msg.sender, tip);
    }

    /// @param kept Whether the tip waits for whoever delivers.
    /// @param since When the job became final, unix seconds.
    function _returnTip(JobId id, address requester, uint256 tip, bool kept, uint256 since) internal {
        uint256 reclaimableAt = since + TIP_PERIOD;
        if (tip == 0 || !kept || block.timestamp < reclaimableAt) revert MarketNoTipToReclaim(id, reclaimableAt);
        _credit(requester, tip);
        emit TipReclaimed(id, requester, tip);
    }
}
