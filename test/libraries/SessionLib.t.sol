// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {SessionLib} from "../../contracts/libraries/SessionLib.sol";
import {SessionRulesLib} from "../../contracts/libraries/SessionRulesLib.sol";
import {
    Session,
    SessionNumbers,
    SessionRecord,
    SessionRules,
    SessionShape
} from "../../contracts/types/SessionTypes.sol";
import {bound} from "../support/Fuzz.sol";

contract SessionLibTest {
    using SessionLib for Session;
    using SessionLib for SessionShape;
    using SessionRulesLib for SessionRules;

    uint256 private constant UNIT = 1e12;
    uint256 private constant SUPPLY = 1e27;

    /// @dev What nobody can put together otherwise: the owner's part of a price is capped at half, the fee at a tenth.
    function testFuzz_divide_leavesNothingOver(
        SessionNumbers memory numbers,
        uint256 price,
        uint256 royalty,
        uint256 gained
    ) external view {
        numbers.feeBps = uint16(bound(numbers.feeBps, 0, 1_000));
        price = bound(price, 1, SUPPLY);
        royalty = bound(royalty, 0, price / 2);
        gained = bound(gained, 0, SUPPLY);
        Session memory session;
        session.payer = JobLib.pair(address(1), price);
        session.royalty = JobLib.pair(address(2), royalty);
        session.rules = SessionRulesLib.pack(numbers);
        (uint256 pay, uint256 fee, uint256 owed) = this.divide(session, gained);
        require(pay + fee + owed == gained, "sum");
        require(fee == (gained * numbers.feeBps) / 10_000, "fee");
        require(owed == (gained * royalty) / price, "royalty");
        require(pay >= (gained * 4) / 10, "the node's part");
    }

    /// @dev Never beyond what is there, nor beyond what answers for it; whole units.
    function testFuzz_mostRedeemable_staysWithinMoneyAndCollateral(
        SessionNumbers memory numbers,
        uint256 collateral,
        uint256 funded,
        uint256 paid
    ) external view {
        numbers.exposureBps = uint16(bound(numbers.exposureBps, 1_000, 10_000));
        collateral = bound(collateral, 0, SUPPLY);
        funded = bound(funded, 0, (1 << 44) - 1);
        paid = bound(paid, 0, funded);
        Session memory session;
        session.node = JobLib.pair(address(1), collateral);
        session.rules = SessionRulesLib.pack(numbers);
        uint256 most = this.mostRedeemable(session, SessionRecord.wrap(1 | (funded << 8) | (paid << 96)));
        uint256 exposure = (collateral * numbers.exposureBps) / 10_000;
        require(most <= funded * UNIT && most - paid * UNIT <= exposure, "too much");
        require(most % UNIT == 0, "a fraction");
        require(most == funded * UNIT || exposure - (most - paid * UNIT) < UNIT, "too little");
    }

    function testFuzz_endsAt_ignoresTheNonce(uint40 endsAt, uint216 nonce) external pure {
        SessionShape shape = SessionShape.wrap(bytes32(endsAt | (uint256(nonce) << 40)));
        require(shape.endsAt() == endsAt, "endsAt");
    }

    function testFuzz_endOf_isTheEarlierOneOnceSomebodyCloses(
        SessionNumbers memory numbers,
        uint40 endsAt,
        uint256 closesAt,
        uint24 horizon
    ) external view {
        closesAt = bound(closesAt, 0, (1 << 36) - 1);
        Session memory session;
        session.shape = SessionShape.wrap(bytes32(uint256(endsAt)));
        session.rules = SessionRulesLib.pack(numbers).withHorizon(horizon);
        (uint256 end, uint256 releasableAt) = this.clocks(session, SessionRecord.wrap(1 | (closesAt << 220)));
        require(end == (closesAt == 0 ? endsAt : closesAt), "end");
        require(releasableAt == end + horizon, "release");
    }

    function testFuzz_leastCollateral_holdsCallsAndBonds(SessionNumbers memory numbers, uint96 price) external pure {
        uint256 least = SessionLib.leastCollateral(SessionRulesLib.pack(numbers), price);
        require(least == uint256(numbers.leastLockCalls) * price + 4e18 * uint256(numbers.disputeBond), "least");
    }

    function divide(Session calldata session, uint256 gained) external pure returns (uint256, uint256, uint256) {
        return session.divide(gained);
    }

    function mostRedeemable(Session calldata session, SessionRecord record) external pure returns (uint256) {
        return session.mostRedeemable(record);
    }

    function clocks(Session calldata session, SessionRecord record) external pure returns (uint256, uint256) {
        return (session.endOf(record), session.releasableAt(record));
    }
}
