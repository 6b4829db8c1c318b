// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InferenceSessions} from "../../contracts/InferenceSessions.sol";
import {NodeStaking} from "../../contracts/NodeStaking.sol";
import {OPGToken} from "../../contracts/OPGToken.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {SessionRecordLib} from "../../contracts/libraries/SessionRecordLib.sol";
import {SessionRulesLib} from "../../contracts/libraries/SessionRulesLib.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {SessionRecord, SessionRules, SessionState} from "../../contracts/types/SessionTypes.sol";
import {VM} from "../support/Vm.sol";
import {Measured} from "./Measured.sol";
import {SessionHandler} from "./SessionHandler.sol";
import {Tally} from "./Tally.sol";

/// @title What always holds in sessions, whatever payers, nodes, challengers, guardian and voters do
contract SessionInvariants is Measured {
    using JobLib for AccountAmount;
    using SessionRecordLib for SessionRecord;
    using SessionRulesLib for SessionRules;

    SessionHandler private _handler;
    InferenceSessions private _sessions;
    NodeStaking private _staking;
    OPGToken private _token;
    VersionId private _version;

    function setUp() external {
        _handler = new SessionHandler();
        (_sessions, _staking, _token) = (_handler.SESSIONS(), _handler.STAKING(), _handler.TOKEN());
        _version = _handler.VERSION();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev The campaigns below prove nothing about what they never do. [I26 T118]
    function test_play_doesAllThatTheCampaignsAreAbout() external {
        SessionHandler h = _handler;
        bytes4[8] memory moves = [
            h.open.selector,
            h.play.selector,
            h.play.selector,
            h.play.selector,
            h.playAgain.selector,
            h.serve.selector,
            h.govern.selector,
            h.moveMoney.selector
        ];
        for (uint256 i; i < 1_200; ++i) {
            uint256 random = uint256(keccak256(abi.encode(i)));
            (bool did, bytes memory given) = address(h).call(abi.encodePacked(moves[random % moves.length], random));
            require(did, string(given));
            if (i % 10 == 9) h.finish(random);
        }
        require(h.closedEntries() >= 5, "entries were hardly ever closed");
        require(h.lies() >= 2, "lies were hardly ever punished");
        require(h.contradictions() >= 2, "contradictions were hardly ever punished");
        require(h.releases() >= 5 && h.releasesWhilePaused() >= 2, "sessions hardly ever ended");
        require(h.capped() >= 5, "vouchers were hardly ever capped");
    }

    /// @dev [I06 I07 I14 I24 I25 T101 T103 T104 T106 T110]
    /// forge-config: default.invariant.runs = 12
    /// forge-config: default.invariant.depth = 100
    function invariant_sessionBooks() external view {
        require(_token.balanceOf(address(_sessions)) == _owed(), "the contract holds what it owes");
        require(_token.allowance(address(_sessions), address(_staking)) == 0, "an allowance was left");
        for (uint256 i; i < 3; ++i) _checkLock(_handler.nodes(i));
        for (uint256 i; i < _handler.count(); ++i) _checkSession(i);
        require(_handler.secondPayments() == 0, "a voucher was paid twice");
        require(_handler.fallenSums() == 0, "what was redeemed has fallen");
        require(_handler.secondEnds() == 0, "a session ended twice");
    }

    /// @dev Every session can be ended by a stranger, and everybody leaves with all that it is owed, though entries are closed.
    /// [I08 I10 I26]
    /// forge-config: default.invariant.runs = 8
    /// forge-config: default.invariant.depth = 60
    function invariant_sessionExits() external {
        for (uint256 i; i < _handler.count(); ++i) _handler.finish(i);
        _handler.pause();
        require(_handler.isPaused(), "no pause");
        for (uint256 i; i < 3; ++i) _sessions.claim(_handler.nodes(i), _version);
        address[] memory people = new address[](_handler.peopleCount());
        for (uint256 i; i < people.length; ++i) people[i] = _handler.people(i);
        _sessions.collectFees(people);
        for (uint256 i; i < people.length; ++i) _withdrawAll(people[i]);
        require(_token.balanceOf(address(_sessions)) == _handler.gifts(), "somebody is still owed");
        for (uint256 i; i < 3; ++i) {
            (, , uint256 used, , ) = _sessions.servingOf(_handler.nodes(i), _version);
            require(used == 0, "collateral of nothing");
        }
    }

    function _play() internal view override returns (string memory, Tally) {
        return ("Sessions", _handler);
    }

    function _owed() private view returns (uint256 owed) {
        owed = _handler.gifts();
        for (uint256 i; i < _handler.peopleCount(); ++i) {
            (uint256 balance, uint256 fees) = _sessions.accountOf(_handler.people(i));
            owed += balance + fees;
        }
        for (uint256 i; i < 3; ++i) {
            (, , , uint256 earned, ) = _sessions.servingOf(_handler.nodes(i), _version);
            owed += earned;
        }
        for (uint256 i; i < _handler.count(); ++i) {
            (, SessionRecord record) = _handler.openedAt(i);
            owed += record.funded() - record.paid();
        }
    }

    /// @dev What of a lock is used is what the node's live sessions need, and while it runs the lock carries it.
    function _checkLock(address node) private view {
        (, uint256 maxLock, uint256 used, , uint256 endsAt) = _sessions.servingOf(node, _version);
        uint256 needed;
        for (uint256 i; i < _handler.count(); ++i) {
            (SessionHandler.Opened memory opened, SessionRecord record) = _handler.openedAt(i);
            if (opened.session.node.account() == node && record.isLive()) needed += opened.session.node.amount();
        }
        require(used == needed, "used is not what live sessions need");
        uint256 locked = _staking.lockOf(node, address(_sessions), VersionId.unwrap(_version)).amount;
        require(used <= maxLock && (block.timestamp >= endsAt || locked == maxLock), "a running lock is another");
    }

    function _checkSession(uint256 i) private view {
        (SessionHandler.Opened memory opened, SessionRecord record) = _handler.openedAt(i);
        require(SessionRecord.unwrap(record) == SessionRecord.unwrap(opened.last), "the handler missed a change");
        (uint256 paid, uint256 marked) = (record.paid(), record.marked());
        (uint256 redeemed, uint256 funded) = (record.redeemed(), record.funded());
        require(paid <= marked && marked <= redeemed && redeemed <= funded, "sums out of order");
        require(redeemed <= opened.signed, "more than was signed");
        uint256 exposure = (opened.session.node.amount() * opened.session.rules.exposureBps()) / 10_000;
        require(redeemed - paid <= exposure, "more waits than answers for it");
        require(opened.cameIn == opened.wentOut + funded - paid, "what came in is not what went out");
        require(record.isLive() || funded == paid, "something is left in what is over");
        bool falsified = record.state() == SessionState.Falsified;
        require(opened.slashes == (falsified ? 1 : 0), "slashed twice, or for nothing");
        require(!falsified || opened.lied, "an honest node was punished");
        require(opened.seatsBack == (record.isLive() ? 0 : 1), "a seat was given back twice, or never");
    }

    function _withdrawAll(address account) private {
        (uint256 balance, ) = _sessions.accountOf(account);
        VM.prank(account);
        _sessions.withdraw(account, balance);
    }
}
