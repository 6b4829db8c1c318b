// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InferenceMarketplace} from "../../contracts/InferenceMarketplace.sol";
import {NodeStaking} from "../../contracts/NodeStaking.sol";
import {OPGToken} from "../../contracts/OPGToken.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {Round, RoundId} from "../../contracts/types/CommitmentTypes.sol";
import {AccountAmount, Job, JobId, JobRecord, JobShape, JobState} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {SharePool, StakeLock} from "../../contracts/types/StakingTypes.sol";
import {VM} from "../support/Vm.sol";
import {MarketHandler} from "./MarketHandler.sol";
import {Measured} from "./Measured.sol";
import {Tally} from "./Tally.sol";

/// @title What always holds of market and staking together, whatever nodes, requesters and an adversary do
contract MarketInvariants is Measured {
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using JobLib for JobState;
    using JobRecordLib for JobRecord;
    using RoundLib for Round;

    uint256 private constant SUPPLY = 1_000_000_000e18;

    MarketHandler private _handler;
    InferenceMarketplace private _market;
    NodeStaking private _staking;
    OPGToken private _token;
    address[] private _nodes;
    address[] private _requesters;
    address[] private _delegators;

    function setUp() external {
        _handler = new MarketHandler();
        (_market, _staking, _token) = (_handler.MARKET(), _handler.STAKING(), _handler.TOKEN());
        (_nodes, _requesters, _delegators) = _handler.people();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev [I01 I02 I03 I07 I09 I14 I30 I31 I35 I36 T006]
    /// forge-config: default.invariant.runs = 16
    /// forge-config: default.invariant.depth = 120
    function invariant_books() external view {
        _checkMarketHolds();
        _checkStakingHolds();
        _checkSupply();
        for (uint256 i; i < _nodes.length; ++i) _checkLocks(_nodes[i]);
        for (uint256 i; i < _handler.jobCount(); ++i) _checkJob(_handler.jobIds(i));
        require(_handler.secondOutcomes() == 0, "a job ended twice");
    }

    /// @dev What is under way can be ended by a stranger, and everybody leaves with all that it is owed. [I08 I10]
    /// forge-config: default.invariant.runs = 12
    /// forge-config: default.invariant.depth = 60
    function invariant_everybodyCanLeave() external {
        VM.warp(block.timestamp + 1 days);
        VM.roll(block.number + 300);
        for (uint256 i; i < _handler.jobCount(); ++i) {
            JobId id = _handler.jobIds(i);
            if (_handler.outcomes(id) == JobState.None) _end(id);
        }
        _emptyMarket();
        _emptyStaking();
    }

    function _play() internal view override returns (string memory, Tally) {
        return ("Market", _handler);
    }

    /// @dev Held is what is owed and what was given, to the unit: donations are nobody's.
    function _checkMarketHolds() private view {
        uint256 owed = _handler.gifts(address(_market)) + _balanceOf(_handler.STRANGER());
        owed += _balanceOf(_handler.PUBLISHER());
        for (uint256 i; i < _requesters.length; ++i) owed += _balanceOf(_requesters[i]);
        for (uint256 i; i < _nodes.length; ++i) {
            (, , , uint256 earned, ) = _market.servingOf(_nodes[i], _handler.VERSION());
            owed += earned;
        }
        for (uint256 i; i < _handler.jobCount(); ++i) owed += _heldFor(_handler.jobIds(i));
        require(_token.balanceOf(address(_market)) == owed, "the market holds what it owes");
        require(_token.allowance(address(_market), address(_staking)) == 0, "an allowance was left");
    }

    function _balanceOf(address account) private view returns (uint256) {
        (uint256 balance, uint256 fees) = _market.accountOf(account);
        return balance + fees;
    }

    /// @dev Nothing for a job that is over, but for a tip that waits.
    function _heldFor(JobId id) private view returns (uint256) {
        Job memory job = _handler.jobOf(id);
        (JobRecord record, ) = _market.jobOf(id);
        if (!record.isFinal()) {
            return JobLib.escrow(job.requester, job.callback, job.royalty.amount(), job.shape, job.rules);
        }
        bool tipWaits = record.state().hasResult() && !record.delivered() && !record.tipReclaimed();
        return tipWaits ? job.callback.amount() : 0;
    }

    function _checkStakingHolds() private view {
        uint256 owed = _handler.gifts(address(_staking));
        for (uint256 i; i < _nodes.length; ++i) owed += _stakeOf(_nodes[i]) + _staking.earningsOf(_nodes[i]);
        require(_token.balanceOf(address(_staking)) == owed, "staking holds what it owes");
    }

    function _stakeOf(address node) private view returns (uint256) {
        (uint256 own, SharePool memory ownThawing) = _staking.ownStakeOf(node);
        (SharePool memory delegated, SharePool memory delegatedThawing) = _staking.delegatedStakeOf(node);
        return own + ownThawing.assets + delegated.assets + delegatedThawing.assets;
    }

    /// @dev Nobody but the cast holds tokens, and what is gone was burned.
    function _checkSupply() private view {
        uint256 held = _token.balanceOf(address(_market)) + _token.balanceOf(address(_staking));
        held += _token.balanceOf(_handler.TREASURY()) + _token.balanceOf(address(_handler));
        for (uint256 i; i < _nodes.length; ++i) held += _token.balanceOf(_nodes[i]);
        for (uint256 i; i < _requesters.length; ++i) held += _token.balanceOf(_requesters[i]);
        for (uint256 i; i < _delegators.length; ++i) held += _token.balanceOf(_delegators[i]);
        require(held == _token.totalSupply() && held <= SUPPLY, "tokens came from nowhere");
    }

    /// @dev Locks add up, what seats use is what their open jobs need, and while it runs a lock carries them.
    function _checkLocks(address node) private view {
        VersionId version = _handler.VERSION();
        bytes32 obligation = VersionId.unwrap(version);
        StakeLock memory ours = _staking.lockOf(node, address(_market), obligation);
        StakeLock memory theirs = _staking.lockOf(node, address(_handler.ADVERSARY()), obligation);
        require(_staking.lockedOf(node) == uint256(ours.amount) + theirs.amount, "locks do not add up");
        require(_staking.authorisationOf(node, address(_market)).locked == ours.amount, "a consumer's locks differ");

        (, uint256 maxLock, uint256 used, , uint256 endsAt) = _market.servingOf(node, version);
        uint256 needed;
        for (uint256 i; i < _handler.jobCount(); ++i) needed += _collateralIn(_handler.jobIds(i), node);
        require(used == needed, "used is not what open jobs need");
        require(used <= maxLock, "more is used than may be locked");
        require(block.timestamp >= endsAt || ours.amount >= used, "a running lock does not carry its seats");
        require(block.timestamp >= endsAt || _stakeOf(node) >= used, "stake that answers has left");
    }

    function _collateralIn(JobId id, address node) private view returns (uint256) {
        if (_handler.outcomes(id) != JobState.None) return 0;
        Job memory job = _handler.jobOf(id);
        uint256 seats;
        for (uint256 attempt; attempt < 3; ++attempt) {
            if (_handler.hasSealed(_handler.roundIdOf(id, attempt), node)) ++seats;
        }
        require(seats <= 1, "a node sits twice in a job");
        return seats * job.requester.amount() * job.shape.collateralFactor();
    }

    /// @dev One outcome, for good, and one that the reveals bear out.
    function _checkJob(JobId id) private view {
        (JobRecord record, ) = _market.jobOf(id);
        JobState outcome = _handler.outcomes(id);
        require(record.isFinal() == (outcome != JobState.None), "the handler missed an outcome");
        require(outcome == JobState.None || record.state() == outcome, "an outcome has changed");

        (Round first, Round appeal) = (_handler.roundOf(id, JobLib.FIRST), _handler.roundOf(id, JobLib.APPEAL));
        require(first.sealedCount() <= first.most() && appeal.sealedCount() <= appeal.most(), "a round is too full");
        if (outcome == JobState.Agreed || outcome == JobState.Refused) {
            bool unanimous = first.leaderCount() == first.revealedCount();
            require(unanimous && first.revealedCount() >= first.least(), "agreed without unanimity");
        }
        if (outcome == JobState.Decided) {
            bool enough = 3 * appeal.revealedCount() >= 2 * appeal.least();
            require(enough && 3 * appeal.leaderCount() >= 2 * appeal.revealedCount(), "decided without two thirds");
        }
    }

    function _end(JobId id) private {
        RoundId first = _handler.roundIdOf(id, JobLib.FIRST);
        if (_handler.isPacked(first)) {
            MarketHandler.Pack memory pack = _handler.packOf(first);
            _handler.COMMITMENTS().unpack(first, pack.round, pack.seals);
        }
        Job memory job = _handler.jobOf(id);
        (JobRecord record, ) = _market.jobOf(id);
        (JobState next, , ) = _handler.POLICY().nextStateOf(address(_market), id, job, record);
        if (next == JobState.Unanswered) _market.expire(job, _handler.seatsOf(id));
        else _market.settle(job, _handler.seatsOf(id));
    }

    function _emptyMarket() private {
        for (uint256 i; i < _nodes.length; ++i) _market.claim(_nodes[i], _handler.VERSION());
        _market.collectFees(_requesters);
        for (uint256 i; i < _requesters.length; ++i) _withdrawAll(_requesters[i]);
        _withdrawAll(_handler.STRANGER());
        _withdrawAll(_handler.PUBLISHER());
        uint256 left = _handler.gifts(address(_market));
        for (uint256 i; i < _handler.jobCount(); ++i) left += _heldFor(_handler.jobIds(i));
        require(_token.balanceOf(address(_market)) == left, "somebody is still owed");
    }

    function _withdrawAll(address account) private {
        (uint256 balance, ) = _market.accountOf(account);
        VM.prank(account);
        _market.withdraw(account, balance);
    }

    function _emptyStaking() private {
        VM.warp(block.timestamp + 91 days);
        bytes32 obligation = VersionId.unwrap(_handler.VERSION());
        for (uint256 i; i < _nodes.length; ++i) {
            _staking.release(_nodes[i], address(_market), obligation);
            _staking.release(_nodes[i], address(_handler.ADVERSARY()), obligation);
            require(_staking.lockedOf(_nodes[i]) == 0, "a dead lock holds stake");
            _beginLeaving(_nodes[i]);
        }
        VM.warp(block.timestamp + _staking.THAW_PERIOD());
        for (uint256 i; i < _nodes.length; ++i) {
            _withdrawThaws(_nodes[i], address(0), _nodes[i]);
            for (uint256 k; k < _delegators.length; ++k) _withdrawThaws(_nodes[i], _delegators[k], _delegators[k]);
            // What roundings have left for those who stayed.
            require(_stakeOf(_nodes[i]) < 1e6, "stake could not leave");
        }
    }

    function _beginLeaving(address node) private {
        (uint256 own, ) = _staking.ownStakeOf(node);
        VM.prank(node);
        _staking.withdrawEarnings(node);
        if (own > 0) {
            VM.prank(node);
            _staking.thaw(node, own);
        }
        for (uint256 k; k < _delegators.length; ++k) {
            (uint256 shares, ) = _staking.delegationOf(node, _delegators[k]);
            if (shares == 0) continue;
            VM.prank(_delegators[k]);
            _staking.undelegate(node, shares, 0);
        }
    }

    /// @dev Every thaw that there is: a campaign is too short for more than 40 of one holder.
    function _withdrawThaws(address node, address holder, address caller) private {
        for (uint256 thawId; thawId < 40; ++thawId) {
            (uint256 endsAt, ) = _staking.thawOf(node, holder, thawId);
            if (endsAt == 0) continue;
            VM.prank(caller);
            if (holder == address(0)) _staking.withdraw(node, thawId);
            else _staking.withdrawDelegation(node, thawId);
        }
    }
}
