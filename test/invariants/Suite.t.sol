// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeStaking} from "../../contracts/NodeStaking.sol";
import {OPGToken} from "../../contracts/OPGToken.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {SharePool} from "../../contracts/types/StakingTypes.sol";
import {Measured} from "./Measured.sol";
import {SuiteHandler} from "./SuiteHandler.sol";
import {Tally} from "./Tally.sol";

/// @title What always holds of all contracts together, whatever everybody does with them, whenever, and however often it is forgotten
contract SuiteInvariants is Measured {
    error NeverDone(bytes4 move);

    uint256 private constant SUPPLY = 1_000_000_000e18;

    SuiteHandler private _handler;
    NodeStaking private _staking;
    OPGToken private _token;

    function setUp() external {
        _handler = new SuiteHandler();
        (_staking, _token) = (_handler.STAKING(), _handler.TOKEN());
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev The campaign below proves nothing about what it never does.
    function test_play_doesEverythingNowAndThen() external {
        SuiteHandler h = _handler;
        bytes4[16] memory moves = [
            h.order.selector,
            h.play.selector,
            h.offer.selector,
            h.answer.selector,
            h.converse.selector,
            h.schedule.selector,
            h.link.selector,
            h.stake.selector,
            h.pay.selector,
            h.maintain.selector,
            h.serve.selector,
            h.attack.selector,
            h.guard.selector,
            h.govern.selector,
            h.pass.selector,
            h.reorganise.selector
        ];
        for (uint256 i; i < 600; ++i) {
            uint256 random = uint256(keccak256(abi.encode(i)));
            (bool did, bytes memory given) = address(h).call(abi.encodePacked(moves[random % moves.length], random));
            require(did, string(given));
        }
        Tally.Count[] memory counts = h.counts();
        // All but the two that send nothing themselves.
        require(counts.length == moves.length - 2, "a move has never sent anything");
        for (uint256 i; i < counts.length; ++i) if (counts[i].done == 0) revert NeverDone(counts[i].move);
        require(h.reorganisations() >= 10 && h.pauses() >= 2, "hardly a reorganisation or pause");
        this.invariant_suite();
    }

    /// @dev Ledgers hold at least what accounts and nodes can take: what open jobs hold is for the files of each market.
    /// [I01 I03 I07 I14 I30 I31]
    /// forge-config: default.invariant.runs = 8
    /// forge-config: default.invariant.depth = 80
    function invariant_suite() external view {
        _checkSupply();
        _checkStaking();
        for (uint256 i; i < 4; ++i) {
            address ledger = address(_handler.ledgers(i));
            require(_token.balanceOf(ledger) >= _handler.owedBy(i) + _handler.gifts(ledger), "a ledger owes too much");
            require(_token.allowance(ledger, address(_staking)) == 0, "an allowance was left");
        }
        for (uint256 i; i < _handler.NODES(); ++i) _checkNode(_handler.nodes(i));
        require(_handler.changedOutcomes() == 0, "an outcome has changed");
    }

    /// @dev Nobody else holds tokens, what is gone was burned, and most contracts hold none.
    function _checkSupply() private view {
        address[] memory all = _handler.everybody();
        uint256 held;
        for (uint256 i; i < all.length; ++i) held += _token.balanceOf(all[i]);
        require(held == _token.totalSupply() && held <= SUPPLY, "tokens came from nowhere");
        for (uint256 i; i < _handler.poor().length; ++i) {
            require(_token.balanceOf(_handler.poor()[i]) == 0, "a contract without money holds some");
        }
    }

    function _checkStaking() private view {
        uint256 owed = _handler.gifts(address(_staking));
        for (uint256 i; i < _handler.NODES(); ++i) {
            address node = _handler.nodes(i);
            (uint256 own, SharePool memory ownThawing) = _staking.ownStakeOf(node);
            (SharePool memory delegated, SharePool memory thawing) = _staking.delegatedStakeOf(node);
            owed += own + ownThawing.assets + delegated.assets + thawing.assets + _staking.earningsOf(node);
        }
        require(_token.balanceOf(address(_staking)) == owed, "staking holds what it owes");
    }

    /// @dev Locks of all consumers add up, and no market uses more of one than it may.
    function _checkNode(address node) private view {
        bytes32 obligation = VersionId.unwrap(_handler.version());
        uint256 locked = _staking.lockOf(node, address(_handler.ADVERSARY()), obligation).amount;
        for (uint256 i; i < 3; ++i) locked += _staking.lockOf(node, address(_handler.ledgers(i)), obligation).amount;
        require(_staking.lockedOf(node) == locked, "locks do not add up");
        (uint256[3] memory used, uint256[3] memory most) = _handler.servings(node);
        for (uint256 i; i < 3; ++i) require(used[i] <= most[i], "more is used than may be locked");
    }

    function _play() internal view override returns (string memory, Tally) {
        return ("Suite", _handler);
    }
}
