// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CallbackLib} from "../../contracts/libraries/CallbackLib.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @dev What is called: it notes how much gas it was given, or does not want to be called.
contract Callee {
    uint256 public given;

    function note() external {
        given = gasleft();
    }

    function refuse() external pure {
        revert("refused");
    }
}

contract CallbackLibTest {
    /// @dev The selector, the guard of the compiler and the reading of the gas.
    uint256 private constant ENTRY_GAS = 500;

    Callee private immutable CALLEE = new Callee();

    /// @dev The callee gets the cap, however much gas the sender brings: no sender can make it fail.
    function testFuzz_tryCall_givesTheCapAndNoMore(uint256 cap, uint256 brought) external {
        cap = bound(cap, 30_000, 1_000_000);
        brought = bound(brought, (cap * 64) / 63 + CallbackLib.RESERVE + 10_000, 5_000_000);
        require(this.tryCall{gas: brought}(address(CALLEE), cap, abi.encodeCall(Callee.note, ())), "success");
        uint256 given = CALLEE.given();
        require(given <= cap && given + ENTRY_GAS >= cap, "cap");
    }

    function testFuzz_tryCall_refusesWhatBringsTooLittle(uint256 cap, uint256 brought) external {
        cap = bound(cap, 25_000, 1_000_000);
        uint256 needed = (cap * 64) / 63 + CallbackLib.RESERVE;
        brought = bound(brought, 10_000, needed);
        try this.tryCall{gas: brought}(address(CALLEE), cap, abi.encodeCall(Callee.note, ())) {
            revert("called");
        } catch (bytes memory reason) {
            require(bytes4(reason) == CallbackLib.CallbackGasTooLow.selector, "error");
            (uint256 given, uint256 told) = abi.decode(_withoutSelector(reason), (uint256, uint256));
            require(told == needed, "needed");
            require(given < brought, "given");
        }
    }

    function test_tryCall_saysFalseWhereTheCalleeReverts() external {
        require(!this.tryCall(address(CALLEE), 100_000, abi.encodeCall(Callee.refuse, ())), "success");
    }

    /// @dev A call to an account without code succeeds in the EVM, although nothing was served.
    function testFuzz_tryCall_saysFalseWhereThereIsNoCode(address target, bytes calldata data) external {
        VM.assume(target.code.length == 0 && uint160(target) > type(uint16).max);
        require(!this.tryCall(target, 100_000, data), "success");
    }

    function tryCall(address target, uint256 cap, bytes calldata data) external returns (bool) {
        return CallbackLib.tryCall(target, cap, data);
    }

    function _withoutSelector(bytes memory reason) private pure returns (bytes memory arguments) {
        arguments = new bytes(reason.length - 4);
        for (uint256 i; i < arguments.length; ++i) arguments[i] = reason[i + 4];
    }
}
