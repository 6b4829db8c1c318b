// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {OptimisticJob, OptimisticRecord, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @title Nodes that stay silent or lie, who is paid for it, and the second node
contract FailuresTest is Offering {
    using OptimisticRecordLib for OptimisticRecord;

    bytes32 private constant LIE = "lie";
    uint256 private constant SUPPLY = 1_000_000_000e18;

    function setUp() external {
        _setUp();
    }

    /// @dev Half of the penalty waits for another node, the rest burns, and the requester's money is free [I09 T085].
    function testFuzz_silence_paysForTheNextNode(uint256 units) external {
        uint256 price = bound(units, 1, (MAX_LOCK - 4e18) / 30 / UNIT) * UNIT;
        OptimisticJob memory job = _silent(price);
        uint256 penalty = 5 * price;
        uint256 prize = penalty / 2 - ((penalty / 2) % UNIT);
        OptimisticRecord record = _recordOf(job);
        require(record.state() == OptimisticState.Open && record.attempt() == 1, "open once more");
        require(record.price() == prize && record.node() == _nodes[0] && record.tipGone(), "prize");
        require(_balanceOf(REQUESTER) == FORTUNE && _ownOf(_nodes[0]) == OWN_STAKE - penalty, "money");
        require(TOKEN.totalSupply() == SUPPLY - penalty + prize, "burned");
    }

    /// @dev A lock that is over answers for nothing: the requester has its money, and nothing waits for anybody.
    function testFuzz_silence_endsTheJobWhereNothingIsLeft(uint256 late) external {
        OptimisticJob memory job = _offer(_open());
        _reserve(job, _nodes[0]);
        VM.warp(NOW + 80 days + bound(late, 0, 365 days));
        OPTIMISTIC.expire(job);
        require(_recordOf(job).state() == OptimisticState.Unanswered, "final");
        require(_balanceOf(REQUESTER) == FORTUNE && _ownOf(_nodes[0]) == OWN_STAKE, "money");
    }

    /// @dev Who has failed does not earn what waits because it failed; anybody else may, while the time lasts [T086].
    function testFuzz_secondAttempt_isForOthers(uint256 late) external {
        OptimisticJob memory job = _silent(PRICE);
        bytes memory call = abi.encodeCall(OPTIMISTIC.reserve, (job, _nodes[0]));
        bytes memory refusal = abi.encodeWithSelector(
            IOptimisticMarketplace.MarketNodeHasFailed.selector,
            _idOf(job),
            _nodes[0]
        );
        _refuse(_signerOf[_nodes[0]], address(OPTIMISTIC), call, refusal);
        uint256 deadline = block.timestamp + 20;
        VM.warp(bound(late, deadline, deadline + 365 days));
        call = abi.encodeCall(OPTIMISTIC.reserve, (job, _nodes[1]));
        refusal = abi.encodeWithSelector(IOptimisticMarketplace.MarketTooLate.selector, _idOf(job), deadline);
        _refuse(_signerOf[_nodes[1]], address(OPTIMISTIC), call, refusal);
        OPTIMISTIC.expire(job);
        require(TOKEN.totalSupply() == SUPPLY - 5 * PRICE, "what nobody earned is burned");
    }

    /// @dev The second node earns the prize for an output, and nothing else happens to anybody.
    function testFuzz_secondAttempt_earnsThePrize(uint256 elapsed, bool lied) external {
        OptimisticJob memory job = lied ? _refuted(_named()) : _silent(PRICE);
        uint256 prize = _recordOf(job).price();
        VM.warp(block.timestamp + bound(elapsed, 0, 19));
        uint256[2] memory before = [_balanceOf(REQUESTER), TOKEN.totalSupply()];
        _reserve(job, _nodes[1]);
        require(_usedBy(_nodes[1]) == _collateralOf(job, prize), "collateral");
        _answer(job, _nodes[1], _root);
        VM.warp(block.timestamp + 40);
        OPTIMISTIC.settle(job, _nodes[1], _root);
        require(_recordOf(job).state() == OptimisticState.Answered && _earnedBy(_nodes[1]) == prize, "prize");
        require(_balanceOf(REQUESTER) == before[0] && TOKEN.totalSupply() == before[1], "nothing else");
        require(_balanceOf(PUBLISHER) == 0 && _feesOf(REQUESTER) == 0, "no requester pays owner and treasury");
    }

    /// @dev A second failure ends the job, whatever it is, and nobody has the prize.
    function testFuzz_secondAttempt_canFailToo(uint256 how) external {
        OptimisticJob memory job = _silent(PRICE);
        uint256 prize = _recordOf(job).price();
        uint256 before = TOKEN.totalSupply();
        OptimisticState end;
        if (how % 3 == 0) {
            _reserve(job, _nodes[1]);
            VM.warp(block.timestamp + 20);
            OPTIMISTIC.expire(job);
            end = OptimisticState.Unanswered;
            before -= 5 * prize; // all of its own penalty: no third node comes
        } else if (how % 3 == 1) {
            _reserve(job, _nodes[1]);
            _answer(job, _nodes[1], PayloadLib.REFUSED_BY_MODEL);
            VM.warp(block.timestamp + 40);
            OPTIMISTIC.settle(job, _nodes[1], PayloadLib.REFUSED_BY_MODEL);
            end = OptimisticState.Refused;
        } else {
            _lie(job, _nodes[1]);
            OPTIMISTIC.settle(job, _nodes[1], LIE);
            end = OptimisticState.Falsified;
            uint256 collateral = _collateralOf(job, prize);
            before -= collateral - prize - (collateral - prize) / 2; // the requester has the price once more
        }
        require(_recordOf(job).state() == end, "state");
        require(TOKEN.totalSupply() == before - prize && _usedBy(_nodes[1]) == 0, "burned");
    }

    /// @dev While others can still enter among those who are paid, nobody settles; in the very next second anyone can.
    function testFuzz_lies_waitForAllWhoWereRight(address caller, uint256 early) external {
        OptimisticJob memory job = _offer(_named());
        _answer(job, _nodes[0], LIE);
        _convict(_statementOf(job, _nodes[0], LIE));
        uint256 finalAt = block.timestamp + FLOOR;
        VM.warp(early % 2 == 0 ? finalAt - 1 : bound(early, block.timestamp, finalAt - 1));
        bytes memory call = abi.encodeCall(OPTIMISTIC.settle, (job, _nodes[0], LIE));
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeSharersNotFinal.selector,
            COMMITMENTS.statementIdOf(_roundOf(job), _nodes[0], LIE),
            finalAt
        );
        _refuse(caller, address(OPTIMISTIC), call, refusal);
        VM.warp(finalAt);
        _accept(caller, address(OPTIMISTIC), call);
    }

    /// @dev A lie costs all of the collateral: refund and compensation first, then the next node's prize, then half of the
    /// rest to who proved it; the other half burns, so that nobody gains by proving its own lie [T062 I09 I20].
    function testFuzz_lies_payWhomTheyHarmAndWhoProvesThem(uint256 units, uint256 value) external {
        Terms memory terms = _named();
        terms.valueAtStake = bound(value, 0, 10);
        uint256 most = ((MAX_LOCK - 4e18) / 30 - terms.valueAtStake * 1e18) / UNIT;
        terms.price = bound(units, 1, most) * UNIT;
        OptimisticJob memory job = _refuted(terms);
        uint256 collateral = _collateralOf(job, terms.price);
        uint256 harm = terms.price + terms.valueAtStake * 1e18;
        uint256 share = (collateral - harm - terms.price) / 2;
        require(_ownOf(_nodes[0]) == OWN_STAKE - collateral && _usedBy(_nodes[0]) == 0, "the whole collateral");
        require(_balanceOf(REQUESTER) == FORTUNE + harm, "requester");
        require(_balanceOf(WATCHER) == share, "challenger");
        require(_recordOf(job).price() == terms.price, "the price is the next node's");
        require(TOKEN.totalSupply() == SUPPLY - collateral + harm + terms.price + share, "burned");
    }

    /// @dev Where the stake is gone that answered, the requester still has its own money back, and the job ends.
    function testFuzz_lies_endTheJobWhereNothingIsLeft(uint256 late) external {
        OptimisticJob memory job = _offer(_named());
        _lie(job, _nodes[0]);
        VM.warp(NOW + 80 days + bound(late, 0, 365 days));
        OPTIMISTIC.settle(job, _nodes[0], LIE);
        require(_recordOf(job).state() == OptimisticState.Falsified, "final");
        require(_balanceOf(REQUESTER) == FORTUNE && _balanceOf(WATCHER) == 0, "money");
    }

    /// @dev A tip that was paid for a provisional delivery is not paid back out of others' money.
    function testFuzz_lies_keepWhatATipHasPaid(uint256 tip, bool delivered) external {
        Terms memory terms = _named();
        (terms.callback, terms.tip, terms.provisional) = (address(RECORDER), bound(tip, 0, 100e18), true);
        OptimisticJob memory job = _offer(terms);
        _answer(job, _nodes[0], _root);
        if (delivered) {
            VM.prank(PUBLISHER);
            OPTIMISTIC.deliver(job, _nodes[0], PayloadError.None, _payload);
        }
        _convict(_statementOf(job, _nodes[0], _root));
        VM.warp(block.timestamp + FLOOR);
        OPTIMISTIC.settle(job, _nodes[0], _root);
        uint256 paid = delivered ? terms.tip : 0;
        require(_balanceOf(PUBLISHER) == paid, "tip");
        require(_balanceOf(REQUESTER) == FORTUNE - paid + PRICE, "refund and compensation");
    }

    /// @dev An open job of this price, reserved by the first node, which lets its time pass.
    function _silent(uint256 price) private returns (OptimisticJob memory job) {
        Terms memory terms = _open();
        (terms.price, terms.lowest) = (price, price);
        job = _offer(terms);
        _reserve(job, _nodes[0]);
        VM.warp(block.timestamp + 20);
        OPTIMISTIC.expire(job);
    }

    function _refuted(Terms memory terms) private returns (OptimisticJob memory job) {
        job = _offer(terms);
        _lie(job, _nodes[0]);
        OPTIMISTIC.settle(job, _nodes[0], LIE);
    }

    /// @dev States what is found false, until nobody can join those who proved it.
    function _lie(OptimisticJob memory job, address node) private {
        if (_recordOf(job).state() == OptimisticState.Open) _reserve(job, node);
        _answer(job, node, LIE);
        _convict(_statementOf(job, node, LIE));
        VM.warp(block.timestamp + FLOOR);
    }

    function _ownOf(address node) private view returns (uint256 own) {
        (own, ) = STAKING.ownStakeOf(node);
    }
}
