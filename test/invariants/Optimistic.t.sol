// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeStaking} from "../../contracts/NodeStaking.sol";
import {OPGToken} from "../../contracts/OPGToken.sol";
import {OptimisticMarketplace} from "../../contracts/OptimisticMarketplace.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {OptimisticJob, OptimisticRecord, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {VM} from "../support/Vm.sol";
import {Measured} from "./Measured.sol";
import {OptimisticHandler} from "./OptimisticHandler.sol";
import {Tally} from "./Tally.sol";

/// @title What always holds where one node answers, whatever nodes, requesters, challengers, guardian and voters do
contract OptimisticInvariants is Measured {
    using JobLib for AccountAmount;
    using OptimisticJobLib for *;
    using OptimisticRecordLib for OptimisticRecord;

    error HardlyEnded(bytes4 call, bool loses, uint256 whilePaused, uint256 underReplacedRules);

    OptimisticHandler private _handler;
    OptimisticMarketplace private _market;
    NodeStaking private _staking;
    OPGToken private _token;
    VersionId private _version;

    function setUp() external {
        _handler = new OptimisticHandler();
        (_market, _staking, _token) = (_handler.OPTIMISTIC(), _handler.STAKING(), _handler.TOKEN());
        _version = _handler.VERSION();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev The campaigns below prove nothing about what they never do. [I26 T118]
    function test_play_pausesAndReplacesRulesInBetween() external {
        OptimisticHandler h = _handler;
        bytes4[6] memory moves = [
            h.order.selector,
            h.play.selector,
            h.play.selector,
            h.play.selector,
            h.serve.selector,
            h.govern.selector
        ];
        for (uint256 i; i < 800; ++i) {
            uint256 random = uint256(keccak256(abi.encode(i)));
            (bool did, bytes memory given) = address(h).call(abi.encodePacked(moves[random % moves.length], random));
            require(did, string(given));
        }
        require(h.closedEntries() >= 20, "entries were hardly ever closed");
        bytes4[2] memory ends = [OptimisticMarketplace.settle.selector, OptimisticMarketplace.expire.selector];
        for (uint256 i; i < 4; ++i) {
            bool loses = i % 2 == 0;
            uint256 paused = h.endedWhilePaused(ends[i / 2], loses);
            uint256 replaced = h.endedUnderReplacedRules(ends[i / 2], loses);
            if (paused == 0 || replaced == 0) revert HardlyEnded(ends[i / 2], loses, paused, replaced);
        }
    }

    /// @dev [I02 I03 I07 I09 I14 I26 T067 T082 T118]
    /// forge-config: default.invariant.runs = 12
    /// forge-config: default.invariant.depth = 100
    function invariant_optimisticBooks() external view {
        require(_token.balanceOf(address(_market)) == _owed(), "the market holds what it owes");
        require(_token.allowance(address(_market), address(_staking)) == 0, "an allowance was left");
        for (uint256 i; i < 3; ++i) _checkLock(_handler.nodes(i));
        for (uint256 i; i < _handler.count(); ++i) _checkJob(i);
        require(_handler.secondOutcomes() == 0, "a job ended twice");
        require(_handler.earlySettlements() == 0, "a settlement came before its verdict");
    }

    /// @dev Whatever is under way can be ended by a stranger, and everybody leaves with all that it is owed, though entries
    /// are closed. [I08 I10 I26]
    /// forge-config: default.invariant.runs = 8
    /// forge-config: default.invariant.depth = 60
    function invariant_optimisticExits() external {
        for (uint256 i; i < _handler.count(); ++i) _handler.finish(i);
        _handler.pause();
        require(_handler.isPaused(), "no pause");
        uint256 left = _handler.gifts();
        for (uint256 i; i < _handler.count(); ++i) left += _heldFor(i);
        for (uint256 i; i < 3; ++i) _market.claim(_handler.nodes(i), _version);
        address[] memory people = new address[](_handler.peopleCount());
        for (uint256 i; i < people.length; ++i) people[i] = _handler.people(i);
        _market.collectFees(people);
        for (uint256 i; i < people.length; ++i) _withdrawAll(people[i]);
        _withdrawAll(_handler.STRANGER());
        _withdrawAll(_handler.PUBLISHER());
        require(_token.balanceOf(address(_market)) == left, "somebody is still owed");
        for (uint256 i; i < 3; ++i) {
            (, , uint256 used, , ) = _market.servingOf(_handler.nodes(i), _version);
            require(used == 0, "collateral of nothing");
        }
    }

    function _play() internal view override returns (string memory, Tally) {
        return ("Optimistic", _handler);
    }

    function _owed() private view returns (uint256 owed) {
        owed = _handler.gifts() + _balanceOf(_handler.STRANGER()) + _balanceOf(_handler.PUBLISHER());
        for (uint256 i; i < _handler.peopleCount(); ++i) owed += _balanceOf(_handler.people(i));
        for (uint256 i; i < 3; ++i) {
            (, , , uint256 earned, ) = _market.servingOf(_handler.nodes(i), _version);
            owed += earned;
        }
        for (uint256 i; i < _handler.count(); ++i) owed += _heldFor(i);
    }

    function _balanceOf(address account) private view returns (uint256) {
        (uint256 balance, uint256 fees) = _market.accountOf(account);
        return balance + fees;
    }

    /// @dev A first attempt holds the escrow, a second one its prize, a job that is over at most a tip that waits.
    function _heldFor(uint256 i) private view returns (uint256) {
        (OptimisticHandler.Offered memory offered, OptimisticRecord record) = _handler.jobAt(i);
        OptimisticJob memory job = offered.job;
        uint256 tip = job.callback.amount();
        if (record.state().hasResult()) return record.tipGone() ? 0 : tip;
        if (!record.state().isUnderWay()) return 0;
        if (record.attempt() > 0) return record.price();
        return job.escrow() - (record.tipGone() ? tip : 0);
    }

    /// @dev What of a lock is used is what the node's running jobs need, and while it runs the lock carries it.
    function _checkLock(address node) private view {
        (, uint256 maxLock, uint256 used, , uint256 endsAt) = _market.servingOf(node, _version);
        uint256 needed;
        for (uint256 i; i < _handler.count(); ++i) needed += _collateralIn(i, node);
        require(used == needed, "used is not what running jobs need");
        uint256 locked = _staking.lockOf(node, address(_market), VersionId.unwrap(_version)).amount;
        require(used <= maxLock && (block.timestamp >= endsAt || locked == maxLock), "a running lock is another");
    }

    function _collateralIn(uint256 i, address node) private view returns (uint256) {
        (OptimisticHandler.Offered memory offered, OptimisticRecord record) = _handler.jobAt(i);
        bool reserved = record.state() == OptimisticState.Reserved && record.node() == node;
        bool stated = record.state() == OptimisticState.Stated && offered.stated[record.attempt()].node == node;
        if (!reserved && !stated) return 0;
        return _handler.collateralOf(offered.job, record.price());
    }

    /// @dev One outcome, for good.
    function _checkJob(uint256 i) private view {
        (OptimisticHandler.Offered memory offered, OptimisticRecord record) = _handler.jobAt(i);
        bool over = !record.state().isUnderWay();
        require(over == (offered.outcome != OptimisticState.None), "the handler missed an outcome");
        require(!over || record.state() == offered.outcome, "an outcome has changed");
    }

    function _withdrawAll(address account) private {
        (uint256 balance, ) = _market.accountOf(account);
        VM.prank(account);
        _market.withdraw(account, balance);
    }
}
