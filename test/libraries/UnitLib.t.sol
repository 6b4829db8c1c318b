// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {UnitLib} from "../../contracts/libraries/UnitLib.sol";

/// @title Amounts in units that records can keep
contract UnitLibTest {
    function testFuzz_inUnits_roundsDown(uint256 amount) external pure {
        uint256 whole = UnitLib.inUnits(amount);
        require(whole % UnitLib.UNIT == 0 && whole <= amount && amount - whole < UnitLib.UNIT, "unit");
    }
}
