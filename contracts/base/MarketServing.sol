// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IMarketServing} from "../interfaces/IMarketServing.sol";
import {INodeStaking} from "../interfaces/INodeStaking.sol";
import {ServingLib} from "../libraries/ServingLib.sol";
import {SeatBook, ServedWeight, Serving} from "../types/MarketTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {MarketAccounts} from "./MarketAccounts.sol";

/// @title What nodes offer in a market, and the stake that answers for it
abstract contract MarketServing is MarketAccounts, IMarketServing {
    using SafeCast for uint256;
    using ServingLib for SeatBook;
    using ServingLib for ServedWeight;
    using ServingLib for Serving;

    INodeStaking public immutable STAKING;

    mapping(VersionId versionId => mapping(address node => Serving)) internal _servings;
    mapping(VersionId versionId => ServedWeight) private _servedWeights;

    constructor(INodeStaking staking) {
        STAKING = staking;
    }

    /// @inheritdoc IMarketServing
    function serve(address node, VersionId versionId, uint256 weight, uint256 maxLock, uint256 endsAt) external {
        Serving storage serving = _operated(node, versionId);
        uint256 backing = STAKING.backingOf(node);
        if (weight > backing) revert MarketWeightNotBacked(node, weight, backing);
        uint256 used = serving.book.used();
        if (maxLock < used) revert MarketLockInUse(node, versionId, maxLock, used);

        serving.maxLock = maxLock.toUint96();
        serving.book = serving.book.endingAt(endsAt.toUint48());
        _setWeight(node, versionId, serving, weight);
        STAKING.lock(node, VersionId.unwrap(versionId), maxLock, endsAt);
    }

    /// @inheritdoc IMarketServing
    function unserve(address node, VersionId versionId) external {
        Serving storage serving = _operated(node, versionId);
        uint256 used = serving.book.used();
        uint256 free = serving.maxLock - used; // a seat is only taken inside maxLock
        serving.maxLock = uint96(used);
        _setWeight(node, versionId, serving, 0);
        STAKING.unlock(node, VersionId.unwrap(versionId), free);
    }

    /// @inheritdoc IMarketServing
    function refreshServing(address node, VersionId versionId) external {
        Serving storage serving = _servings[versionId][node];
        uint256 backing = STAKING.backingOf(node);
        if (backing < serving.weight) _setWeight(node, versionId, serving, backing);
    }

    /// @inheritdoc IMarketServing
    function claim(address node, VersionId versionId) external nonReentrant returns (uint256 amount) {
        Serving storage serving = _servings[versionId][node];
        amount = serving.book.earned();
        serving.book = serving.book.claimed();
        emit EarningsClaimed(node, versionId, amount);

        TOKEN.approve(address(STAKING), amount);
        STAKING.reward(node, amount);
    }

    /// @inheritdoc IMarketServing
    function servingOf(
        address node,
        VersionId versionId
    ) external view returns (uint256 weight, uint256 maxLock, uint256 used, uint256 earned, uint256 endsAt) {
        Serving storage serving = _servings[versionId][node];
        SeatBook book = serving.book;
        return (serving.weight, serving.maxLock, book.used(), book.earned(), book.endsAt());
    }

    /// @inheritdoc IMarketServing
    function weightsAt(
        address node,
        VersionId versionId,
        uint256 time
    ) public view returns (uint256 weight, uint256 total) {
        (, uint256 stake, ) = STAKING.standingOf(node, time);
        return _weightsAt(node, versionId, time, stake);
    }

    function _weightsAt(
        address node,
        VersionId versionId,
        uint256 time,
        uint256 stake
    ) internal view returns (uint256 weight, uint256 total) {
        weight = Math.min(stake, _servings[versionId][node].weightAt(time));
        total = _servedWeights[versionId].weightAt(time);
    }

    /// @dev Only a node's hot key states things in its name.
    function _checkSigner(address node, uint256 time) internal view returns (uint256 stake, bool covered) {
        address signer;
        (signer, stake, covered) = STAKING.standingOf(node, time);
        if (msg.sender != signer) revert MarketNotSigner(node, msg.sender, signer);
    }

    /// @dev Reverts unless the caller acts for a node that may take on more.
    /// @return stake OPG that backed the node at `time`.
    function _checkSeatable(address node, uint256 time) internal view returns (uint256 stake) {
        bool covered;
        (stake, covered) = _checkSigner(node, time);
        if (!covered) revert MarketNodeNotCovered(node);
    }

    /// @dev Lets `collateral` of a node's lock answer for one more seat, which can last for `horizonPeriod` seconds.
    function _takeSeat(VersionId versionId, address node, uint256 collateral, uint256 horizonPeriod) internal {
        Serving storage serving = _servings[versionId][node];
        SeatBook book = serving.book;
        uint256 used;
        uint256 neededUntil;
        // OPG below 2^96 times a factor below 2^16, and times below 2^48.
        unchecked {
            used = book.used() + collateral;
            neededUntil = block.timestamp + horizonPeriod;
        }
        if (used > serving.maxLock || book.endsAt() < neededUntil) {
            revert MarketLockTooSmall(node, versionId, used, serving.maxLock, neededUntil, book.endsAt());
        }
        serving.book = book.seated(collateral);
    }

    /// @dev Ends what `_takeSeat` began, with what the seat has earned.
    function _vacateSeat(VersionId versionId, address node, uint256 collateral, uint256 pay) internal {
        Serving storage serving = _servings[versionId][node];
        serving.book = serving.book.vacated(collateral, pay);
    }

    /// @dev A lock out of which `loss` is slashed answers for so much less.
    function _shrinkLock(VersionId versionId, address node, uint256 loss) internal {
        Serving storage serving = _servings[versionId][node];
        serving.maxLock -= uint96(Math.min(loss, serving.maxLock));
    }

    /// @dev What a node serves, for those who run it.
    function _operated(address node, VersionId versionId) private view returns (Serving storage) {
        if (!STAKING.isOperator(node, msg.sender)) revert MarketNotOperator(node, msg.sender);
        return _servings[versionId][node];
    }

    function _setWeight(address node, VersionId versionId, Serving storage serving, uint256 weight) private {
        serving.setWeight(_servedWeights[versionId], weight);
        emit ServingSet(node, versionId, weight, serving.maxLock, serving.book.endsAt());
    }
}
