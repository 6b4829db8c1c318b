// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {NodeStaking} from "../../contracts/NodeStaking.sol";
import {INodeStaking} from "../../contracts/interfaces/INodeStaking.sol";
import {SharePoolLib} from "../../contracts/libraries/SharePoolLib.sol";
import {SharePool} from "../../contracts/types/StakingTypes.sol";
import {Measured} from "./Measured.sol";
import {StakingHandler} from "./StakingHandler.sol";
import {Tally} from "./Tally.sol";

/// @dev The runner calls at random only what a test file declares.
contract StakingPlay is StakingHandler {}

/// @title What is always true of NodeStaking
/// @dev Two nodes, three holders, two consumers, one of them hostile, act at random; time passes, parameters change.
contract StakingInvariantsTest is Measured {
    error NeverDone(bytes4 entry);

    uint256 private constant THAW_PERIOD = 300;
    uint256 private constant GRAIN = 1e15;

    StakingHandler private _handler;
    NodeStaking private _staking;

    function setUp() external {
        _handler = new StakingPlay();
        _staking = _handler.STAKING();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev The campaigns below prove nothing about what they never do.
    function test_play_doesEverythingNowAndThen() external {
        StakingHandler h = _handler;
        bytes4[19] memory moves = [
            h.stake.selector,
            h.thaw.selector,
            h.cancelThaw.selector,
            h.withdraw.selector,
            h.delegate.selector,
            h.undelegate.selector,
            h.cancelUndelegate.selector,
            h.withdrawDelegation.selector,
            h.authorise.selector,
            h.lock.selector,
            h.unlock.selector,
            h.release.selector,
            h.slash.selector,
            h.rob.selector,
            h.reward.selector,
            h.withdrawEarnings.selector,
            h.setParameters.selector,
            h.donate.selector,
            h.pass.selector
        ];
        for (uint256 i; i < 2_000; ++i) {
            uint256 random = uint256(keccak256(abi.encode(i)));
            bytes memory data = abi.encodePacked(moves[random % moves.length]);
            for (uint256 word; word < 6; ++word) data = bytes.concat(data, keccak256(abi.encode(i, word)));
            (bool done, ) = address(h).call(data);
            require(done, "a move failed");
        }
        _requireSuccesses();
        bytes4 refusal = INodeStaking.StakingNotBacked.selector;
        if (h.refusals(INodeStaking.lock.selector, refusal) == 0) revert NeverDone(INodeStaking.lock.selector);
        if (h.refusals(INodeStaking.thaw.selector, refusal) == 0) revert NeverDone(INodeStaking.thaw.selector);
        if (h.refusals(INodeStaking.withdraw.selector, refusal) == 0) revert NeverDone(INodeStaking.withdraw.selector);
    }

    /// @dev [I01 I03 I11 I13 T006 T010]
    /// forge-config: default.invariant.depth = 96
    function invariant_everyTokenBelongsToSomebody() external view {
        uint256 sum = _handler.gift();
        for (uint256 n; n < _handler.NODES(); ++n) {
            address node = _handler.nodes(n);
            (uint256 own, SharePool memory ownThawing) = _staking.ownStakeOf(node);
            (SharePool memory delegated, SharePool memory thawing) = _staking.delegatedStakeOf(node);
            sum += own + ownThawing.assets + delegated.assets + thawing.assets + _staking.earningsOf(node);
            _requireJoinable(ownThawing);
            _requireJoinable(delegated);
            _requireJoinable(thawing);
            require(_thawsOf(node, address(0)) <= ownThawing.assets, "own thaws");
            _requireHoldersFit(node, delegated, thawing);
        }
        require(_handler.TOKEN().balanceOf(address(_staking)) == sum, "balance");
        require(_handler.TOKEN().totalSupply() + _handler.burned() == _handler.SUPPLY(), "supply");
    }

    /// @dev [I14 I16 T023 T027]
    /// forge-config: default.invariant.depth = 96
    function invariant_locksAddUpAndAreCoveredForAThaw() external view {
        for (uint256 n; n < _handler.NODES(); ++n) {
            address node = _handler.nodes(n);
            uint256 sum;
            for (uint256 c; c < _handler.CONSUMERS(); ++c) {
                address consumer = _handler.consumers(c);
                uint256 locked = _staking.authorisationOf(node, consumer).locked;
                require(locked == _locksOf(node, consumer), "locks of a consumer");
                sum += locked;
            }
            require(_staking.lockedOf(node) == sum, "locks of a node");
            if (block.timestamp < _handler.coveredAt(node) + THAW_PERIOD) {
                require(_slashable(node) >= _handler.lockedThen(node), "stake left before its obligations");
            }
        }
    }

    /// @dev [I19 T033]
    /// forge-config: default.invariant.depth = 96
    function invariant_standingIsInLineAndThePastStays() external view {
        for (uint256 n; n < _handler.NODES(); ++n) {
            address node = _handler.nodes(n);
            uint256 backing = _staking.backingOf(node);
            (, uint256 stake, bool covered) = _staking.standingOf(node, block.timestamp);
            require(stake == backing - (backing % GRAIN), "standing");
            require(covered == (_staking.lockedOf(node) <= backing), "covered");
            for (uint256 i; i < _handler.momentCount(node); ++i) {
                (uint256 time, uint256 stakeThen) = _handler.moments(node, i);
                (, uint256 remembered, ) = _staking.standingOf(node, time);
                require(remembered == stakeThen, "the past");
            }
        }
    }

    function _play() internal view override returns (string memory, Tally) {
        return ("Staking", _handler);
    }

    function _requireSuccesses() private view {
        bytes4[16] memory entries = [
            INodeStaking.stake.selector,
            INodeStaking.thaw.selector,
            INodeStaking.cancelThaw.selector,
            INodeStaking.withdraw.selector,
            INodeStaking.delegate.selector,
            INodeStaking.undelegate.selector,
            INodeStaking.cancelUndelegate.selector,
            INodeStaking.withdrawDelegation.selector,
            INodeStaking.authorise.selector,
            INodeStaking.lock.selector,
            INodeStaking.unlock.selector,
            INodeStaking.release.selector,
            INodeStaking.slash.selector,
            INodeStaking.reward.selector,
            INodeStaking.withdrawEarnings.selector,
            INodeStaking.setParameters.selector
        ];
        for (uint256 i; i < entries.length; ++i) if (_handler.successes(entries[i]) == 0) revert NeverDone(entries[i]);
    }

    function _requireHoldersFit(address node, SharePool memory delegated, SharePool memory thawing) private view {
        uint256 shares;
        uint256 worth;
        uint256 leaving;
        for (uint256 who; who < _handler.HOLDERS(); ++who) {
            address holder = _handler.holders(who);
            (uint256 held, uint256 amount) = _staking.delegationOf(node, holder);
            shares += held;
            worth += amount;
            leaving += _thawsOf(node, holder);
        }
        require(shares <= delegated.shares, "shares");
        require(worth <= delegated.assets, "delegations");
        require(leaving <= thawing.assets, "thaws");
    }

    /// @dev Shares stay so few that the whole supply could join.
    function _requireJoinable(SharePool memory pool) private pure {
        uint256 most = SharePoolLib.MOST_SHARES_PER_ASSET * (uint256(pool.assets) + SharePoolLib.VIRTUAL_ASSETS);
        require(pool.shares <= most + SharePoolLib.VIRTUAL_SHARES, "too many shares");
    }

    function _thawsOf(address node, address holder) private view returns (uint256 sum) {
        for (uint256 id; id < _handler.thawCount(node, holder); ++id) {
            (, uint256 amount) = _staking.thawOf(node, holder, id);
            sum += amount;
        }
    }

    function _locksOf(address node, address consumer) private view returns (uint256 sum) {
        for (uint256 o = 1; o <= _handler.OBLIGATIONS(); ++o) sum += _staking.lockOf(node, consumer, bytes32(o)).amount;
    }

    function _slashable(address node) private view returns (uint256) {
        (uint256 own, SharePool memory ownThawing) = _staking.ownStakeOf(node);
        (SharePool memory delegated, SharePool memory thawing) = _staking.delegatedStakeOf(node);
        return own + ownThawing.assets + delegated.assets + thawing.assets;
    }
}
