// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EntryLib} from "../../contracts/libraries/EntryLib.sol";

contract EntryLibTest {
    function testFuzz_ofSeal_keepsTheUpperBitsAndSaysSealed(bytes32 commitment) external pure {
        bytes32 entry = EntryLib.ofSeal(commitment);
        require(bytes31(entry) == bytes31(commitment), "upper bits");
        require(EntryLib.isSealed(entry), "state");
    }

    /// @dev A node whose seal became a reveal can neither reveal again nor be taken for one who has not.
    function testFuzz_ofReveal_isNeitherSealedNorNothing(bytes32 outputRoot) external pure {
        bytes32 entry = EntryLib.ofReveal(outputRoot);
        require(!EntryLib.isSealed(entry), "state");
        require(entry != 0, "nothing");
    }

    /// @dev Whatever a node knows of hashes, one kind of entry is never taken for the other [T041].
    function testFuzz_sealsAndReveals_areNeverEqual(bytes32 commitment, bytes32 outputRoot) external pure {
        require(EntryLib.ofSeal(commitment) != EntryLib.ofReveal(outputRoot), "equal");
    }

    /// @dev The byte that the state takes is not one in which outputs may differ unnoticed [T058].
    function testFuzz_ofReveal_tellsOutputsApartByTheirLowestByte(bytes32 outputRoot, uint8 difference) external pure {
        bytes32 other = outputRoot ^ bytes32(uint256(difference));
        require((EntryLib.ofReveal(other) == EntryLib.ofReveal(outputRoot)) == (difference == 0), "near miss");
    }

    function test_isSealed_isNotOfTheEmptySlot() external pure {
        require(!EntryLib.isSealed(0), "empty");
    }
}
