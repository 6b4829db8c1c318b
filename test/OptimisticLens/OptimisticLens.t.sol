// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {OrderLib} from "../../contracts/libraries/OrderLib.sol";
import {Deterrence, Liar, OrderQuote} from "../../contracts/types/LensTypes.sol";
import {OptimisticJob, OptimisticRules, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @title What an order means before it is placed is what it means when it is
contract OptimisticLensTest is Offering {
    uint256 private constant WAD = 1e18;

    function setUp() external {
        _setUp();
    }

    /// @dev Escrow and collateral are those that the market then takes, whatever is ordered [T096].
    function testFuzz_quote_isWhatTheMarketTakes(uint32 price, uint24 value, uint16 audit, bool open) external {
        Terms memory terms = open ? _open() : _named();
        terms.price = LOWEST + bound(price, 0, 1e6) * UNIT;
        if (!open) terms.lowest = 0;
        terms.valueAtStake = bound(value, 0, 5);
        terms.auditBps = audit % 2 == 0 ? 0 : bound(audit, 2_000, 10_000);
        OrderQuote memory quoted = LENS.quote(_orderOf(terms), Liar(0, 10_000));
        uint256 balance = _balanceOf(REQUESTER);
        OptimisticJob memory job = _offer(terms);
        require(balance - _balanceOf(REQUESTER) == quoted.escrow, "escrow");
        require(quoted.royalty == ROYALTY && quoted.royaltyPayee == PUBLISHER, "royalty");
        require(quoted.fee == (terms.price * 250) / 10_000, "fee");
        require(OptimisticRules.unwrap(quoted.rules) == OptimisticRules.unwrap(job.rules), "rules");
        if (open) {
            VM.warp(block.timestamp + 110); // the price is at its highest
            _reserve(job, _nodes[0]);
        } else if (terms.auditBps == 0) {
            _answer(job, _nodes[0], _root);
        } else {
            bytes memory call = abi.encodeCall(OPTIMISTIC.seal, (job, _nodes[0], bytes32("seal")));
            _accept(_signerOf[_nodes[0]], address(OPTIMISTIC), call);
        }
        require(_usedBy(_nodes[0]) == quoted.deterrence.collateral, "collateral");
        require(quoted.deterrence.gain == terms.price + terms.valueAtStake * WAD, "gain");
        (OptimisticState state, Deterrence memory seen) = LENS.deterrenceOf(job, Liar(0, 10_000));
        OptimisticState expected = terms.auditBps == 0 ? OptimisticState.Stated : OptimisticState.Named;
        require(state == (open ? OptimisticState.Reserved : expected), "state");
        require(keccak256(abi.encode(seen)) == keccak256(abi.encode(quoted.deterrence)), "deterrence of the job");
    }

    /// @dev Who is enrolled beside the node decides whether there is an auditor at all; it does not matter who is named.
    function testFuzz_quote_countsWhoCanBeDrawn(uint96[2] memory weights, uint16 audit) external {
        for (uint256 i; i < 2; ++i) {
            VM.prank(_nodes[i]);
            ROSTER.enrol(_nodes[i], _version, weights[i] % 3 == 0 ? 0 : bound(weights[i], 1, OWN_STAKE));
        }
        VM.warp(block.timestamp + 1);
        Terms memory terms = _named();
        terms.auditBps = audit % 2 == 0 ? 0 : bound(audit, 100, 10_000);
        Deterrence memory seen = LENS.quote(_orderOf(terms), Liar(0, 10_000)).deterrence;
        (uint256 others, ) = ROSTER.weightsAt(_nodes[1], _version, block.timestamp - 1);
        require(seen.auditorWeight == others, "weight");
        bool drawn = others > 0 && terms.auditBps > 0;
        require(seen.auditBps == (drawn ? terms.auditBps : 0), "rate");
        require(drawn == (seen.honestWad > 0), "honest");
        if (!drawn) require(seen.margin == -int256(seen.gain), "nobody looks, and lying costs something");
    }

    /// @dev The margin follows from the other figures, and so does the part of the lies that must be found.
    function testFuzz_quote_weighsALie(uint32 price, uint24 value, uint16 audit, uint16 share, uint16 online) external {
        VM.prank(_nodes[1]);
        ROSTER.enrol(_nodes[1], _version, OWN_STAKE);
        VM.warp(block.timestamp + 1);
        Terms memory terms = _named();
        terms.price = bound(price, 1, type(uint32).max) * UNIT;
        (terms.valueAtStake, terms.auditBps) = (value, bound(audit, 100, 10_000));
        Liar memory liar = Liar(uint16(bound(share, 0, 10_000)), uint16(bound(online, 0, 10_000)));
        Deterrence memory seen = LENS.quote(_orderOf(terms), liar).deterrence;
        require(seen.loss > 0 && seen.loss < seen.collateral, "loss");
        int256 expected = int256((seen.loss * seen.auditBps * seen.honestWad) / (10_000 * WAD));
        require(seen.margin == expected - int256(seen.gain), "margin");
        require(seen.breakEvenBps * seen.loss >= seen.gain * 10_000, "lying pays where so many are found");
        require((seen.breakEvenBps - 1) * seen.loss < seen.gain * 10_000, "fewer would do");
    }

    function testFuzz_quote_needsPartsOfAWhole(uint16 given, bool online) external {
        uint16 wrong = uint16(bound(given, 10_001, type(uint16).max));
        Liar memory liar = online ? Liar(0, wrong) : Liar(wrong, 0);
        OptimisticJob memory order = _orderOf(_named());
        bytes32 field = online ? bytes32("onlineBps") : bytes32("shareBps");
        VM.expectRevert(
            abi.encodeWithSelector(OrderLib.MarketTermOutOfBounds.selector, field, uint256(wrong), 0, 10_000)
        );
        LENS.quote(order, liar);
    }

    /// @dev What the market would refuse has no quote.
    function testFuzz_quote_isForWhatCanBeOrdered(uint16 audit, bool plain) external {
        OptimisticJob memory order;
        if (plain) {
            VM.prank(PUBLISHER);
            VersionId version = REGISTRY.release(_model, _identity("plain"), _details(3, 0));
            order = _orderOf(_named());
            order.versionId = version;
            VM.expectRevert(abi.encodeWithSelector(IOptimisticMarketplace.MarketVersionNotRefereed.selector, version));
        } else {
            Terms memory terms = _named();
            terms.auditBps = bound(audit, 1, 99);
            order = _orderOf(terms);
            VM.expectRevert(
                abi.encodeWithSelector(
                    OrderLib.MarketTermOutOfBounds.selector,
                    bytes32("auditBps"),
                    terms.auditBps,
                    100,
                    10_000
                )
            );
        }
        LENS.quote(order, Liar(0, 0));
    }

    /// @dev Nothing answers in a job that is final or unknown, and the state says so; in a second attempt nobody audits and
    /// no further prize waits [T148].
    function testFuzz_deterrenceOf_belongsToTheState(uint8 end, uint16 audit) external {
        Terms memory terms = _open();
        terms.auditBps = bound(audit, 2_000, 10_000);
        OptimisticJob memory job = _orderOf(terms);
        OptimisticState expected;
        if (end % 3 > 0) job = _offer(terms);
        if (end % 3 == 1) {
            _accept(REQUESTER, address(OPTIMISTIC), abi.encodeCall(OPTIMISTIC.cancel, (job)));
            expected = OptimisticState.Cancelled;
        } else if (end % 3 == 2) {
            _reserve(job, _nodes[0]);
            VM.warp(block.timestamp + terms.answerPeriod);
            OPTIMISTIC.expire(job);
            expected = OptimisticState.Open;
        }
        (OptimisticState state, Deterrence memory seen) = LENS.deterrenceOf(job, Liar(0, 10_000));
        require(state == expected, "state");
        if (state != OptimisticState.Open) {
            Deterrence memory nothing;
            require(keccak256(abi.encode(seen)) == keccak256(abi.encode(nothing)), "something answers");
        } else {
            uint256 prize = (5 * LOWEST) / 2;
            require(seen.gain == prize && seen.collateral == 30 * prize + 4e18, "collateral");
            require(seen.auditBps == 0 && seen.loss == seen.collateral - (3 * (seen.collateral - prize)) / 8, "loss");
        }
    }
}
