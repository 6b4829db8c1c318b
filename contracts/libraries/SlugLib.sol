// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Names that people type and see in addresses of pages
library SlugLib {
    uint256 internal constant LEAST_LENGTH = 3;
    uint256 internal constant MOST_LENGTH = 64;

    /// @dev One representation for each name: no upper case, no Unicode look-alikes, no hyphen at an edge.
    function isSlug(string memory text) internal pure returns (bool) {
        bytes memory raw = bytes(text);
        uint256 length = raw.length;
        if (length < LEAST_LENGTH || length > MOST_LENGTH) return false;
        if (raw[0] == "-" || raw[length - 1] == "-") return false;
        for (uint256 i; i < length; ++i) {
            bytes1 c = raw[i];
            if (!((c >= "a" && c <= "z") || (c >= "0" && c <= "9") || c == "-")) return false;
        }
        return true;
    }
}
