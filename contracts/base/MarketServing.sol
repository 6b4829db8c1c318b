// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IMarketServing} from "../interfaces/IMarketServing.sol";
import {INodeStaking} from "../interfaces/INodeStaking.sol";
import {ServingLib} from "../libraries/ServingLib.sol";
import {SeatBook, Serving} from "../types/MarketTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {Slashing} from "../types/StakingTypes.sol";
import {Ledger} from "./Ledger.sol";
import {MarketAccounts} from "./MarketAccounts.sol";

/// @title What nodes offer in a market, and the stake that answers for it
abstract contract MarketServing is MarketAccounts, IMarketServing {
    using SafeCast for uint256;
    using ServingLib for SeatBook;
    using ServingLib for Serving;

    INodeStaking public immutable STAKING;

    mapping(VersionId versionId => mapping(address node => Serving)) internal _servings;

    constructor(INodeStaking staking) Ledger(staking.TOKEN()) {
        STAKING = staking;
    }

    /// @inheritdoc IMarketServing
    function unserve(address node, VersionId versionId) external {
        Serving storage serving = _operated(node, versionId);
        SeatBook book = serving.book;
        uint256 free = book.free();
        serving.maxLock -= uint96(free); // part of it
        serving.book = book.withFree(0);
        _noteServing(node, versionId, serving, 0);
        STAKING.unlock(node, VersionId.unwrap(versionId), free);
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
        return (serving.weight, serving.maxLock, serving.used(), book.earned(), book.endsAt());
    }

    /// @dev Locks stake that answers for what the node does with the version, in place of what was locked before.
    function _serve(address node, VersionId versionId, uint256 weight, uint256 maxLock, uint256 endsAt) internal {
        Serving storage serving = _operated(node, versionId);
        uint256 used = serving.used();
        if (maxLock < used) revert MarketLockInUse(node, versionId, maxLock, used);

        serving.maxLock = maxLock.toUint96();
        serving.book = serving.book.withFree(uint96(maxLock - used)).endingAt(endsAt.toUint48());
        _noteServing(node, versionId, serving, weight);
        STAKING.lock(node, VersionId.unwrap(versionId), maxLock, endsAt);
    }

    /// @dev Where nodes are drawn, this is where their weights follow.
    // solhint-disable-next-line no-empty-blocks
    function _setWeight(VersionId versionId, Serving storage serving, uint256 weight) internal virtual {}

    function _noteServing(address node, VersionId versionId, Serving storage serving, uint256 weight) internal {
        _setWeight(versionId, serving, weight);
        emit ServingSet(node, versionId, weight, serving.maxLock, serving.book.endsAt());
    }

    /// @dev Asked for in two places: in one function, the call's code is there once.
    function _standingOf(address node, uint256 time) internal view returns (address, uint256, bool) {
        return STAKING.standingOf(node, time);
    }

    /// @dev Only a node's hot key states things in its name.
    /// @param author Who does.
    function _checkSigner(
        address node,
        address author,
        uint256 time
    ) internal view returns (uint256 stake, bool covered) {
        address signer;
        (signer, stake, covered) = _standingOf(node, time);
        if (author != signer) revert MarketNotSigner(node, author, signer);
    }

    /// @dev Reverts unless the author acts for a node that may take on more.
    /// @return stake OPG that backed the node at `time`.
    function _checkSeatable(address node, address author, uint256 time) internal view returns (uint256 stake) {
        bool covered;
        (stake, covered) = _checkSigner(node, author, time);
        if (!covered) revert MarketNodeNotCovered(node);
    }

    /// @dev Lets `collateral` of a node's lock answer for one more seat, which can last for `horizonPeriod` seconds.
    function _takeSeat(VersionId versionId, address node, uint256 collateral, uint256 horizonPeriod) internal {
        Serving storage serving = _servings[versionId][node];
        SeatBook book = serving.book;
        uint256 neededUntil;
        // Times below 2^48.
        unchecked {
            neededUntil = block.timestamp + horizonPeriod;
        }
        if (collateral > book.free() || book.endsAt() < neededUntil) {
            uint256 used = serving.used() + collateral;
            revert MarketLockTooSmall(node, versionId, used, serving.maxLock, neededUntil, book.endsAt());
        }
        serving.book = book.seated(collateral);
    }

    /// @dev Ends what `_takeSeat` began, with what the seat has earned.
    function _vacateSeat(VersionId versionId, address node, uint256 collateral, uint256 pay) internal {
        Serving storage serving = _servings[versionId][node];
        serving.book = serving.book.vacated(collateral, pay);
    }

    /// @dev Takes from a node's lock, which answers for so much less from now on. The seat that loses it is vacated before. What
    /// that pays out comes to this contract.
    function _slashLock(
        VersionId versionId,
        address node,
        uint256 loss,
        uint256 harm,
        uint256 compensation
    ) internal returns (Slashing memory) {
        Serving storage serving = _servings[versionId][node];
        serving.maxLock -= uint96(loss); // at most the collateral, which is free by now
        serving.book = serving.book.seated(loss);
        return STAKING.slash(node, VersionId.unwrap(versionId), loss, harm, compensation);
    }

    /// @dev What a node serves, for those who run it.
    function _operated(address node, VersionId versionId) private view returns (Serving storage) {
        if (!STAKING.isOperator(node, msg.sender)) revert MarketNotOperator(node, msg.sender);
        return _servings[versionId][node];
    }
}
