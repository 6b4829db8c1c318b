// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SlugLib} from "../../contracts/libraries/SlugLib.sol";
import {bound} from "../support/Fuzz.sol";

contract SlugLibTest {
    bytes private constant ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-";
    uint256 private constant HYPHEN = 36;

    function testFuzz_isSlug_ofLettersDigitsAndInnerHyphens(uint256 length, uint256 random) external pure {
        require(SlugLib.isSlug(string(_slug(bound(length, 3, 64), random))), "slug");
    }

    function testFuzz_isSlug_isBoundedInLength(uint256 length, uint256 random) external pure {
        length = bound(length, 0, 100);
        require(SlugLib.isSlug(string(_slug(length, random))) == (length >= 3 && length <= 64), "length");
    }

    /// @dev One character outside the alphabet, anywhere, spoils a name.
    function testFuzz_isSlug_isOfTheAlphabetAlone(
        uint256 length,
        uint256 random,
        uint256 place,
        bytes1 c
    ) external pure {
        bytes memory text = _slug(bound(length, 3, 64), random);
        place = bound(place, 0, text.length - 1);
        text[place] = c;
        bool edge = place == 0 || place == text.length - 1;
        require(SlugLib.isSlug(string(text)) == _isAllowed(c, edge), "character");
    }

    function test_isSlug_ofEveryCharacterInEveryPlace() external pure {
        for (uint256 c; c < 256; ++c) {
            for (uint256 place; place < 3; ++place) {
                bytes memory text = "abc";
                text[place] = bytes1(uint8(c));
                require(SlugLib.isSlug(string(text)) == _isAllowed(text[place], place != 1), "character");
            }
        }
    }

    function _slug(uint256 length, uint256 random) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 i; i < length; ++i) {
            bool edge = i == 0 || i == length - 1;
            text[i] = ALPHABET[uint256(keccak256(abi.encode(random, i))) % (edge ? HYPHEN : ALPHABET.length)];
        }
    }

    function _isAllowed(bytes1 c, bool edge) private pure returns (bool) {
        for (uint256 i; i < (edge ? HYPHEN : ALPHABET.length); ++i) if (ALPHABET[i] == c) return true;
        return false;
    }
}
