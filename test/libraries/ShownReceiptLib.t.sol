// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ShownReceiptLib} from "../../contracts/libraries/ShownReceiptLib.sol";
import {ShownReceipt} from "../../contracts/types/SessionTypes.sol";

contract ShownReceiptLibTest {
    using ShownReceiptLib for ShownReceipt;

    function testFuzz_with_keepsTheLaterTimeAndTheHigherPrice(
        uint48 until,
        uint96 price,
        uint48 otherUntil,
        uint96 otherPrice
    ) external pure {
        ShownReceipt shown = ShownReceipt.wrap(0).with(until, price);
        _require(shown, until, price);
        shown = shown.with(otherUntil, otherPrice);
        _require(shown, until > otherUntil ? until : otherUntil, price > otherPrice ? price : otherPrice);
    }

    function _require(ShownReceipt shown, uint256 until, uint256 price) private pure {
        require(shown.disputableUntil() == until, "until");
        require(shown.price() == price, "price");
        require(shown.isNone() == (until == 0 && price == 0), "none");
    }
}
