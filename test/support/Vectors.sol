// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {VM} from "./Vm.sol";

/// @title Reads the files that scripts/vectors.ts writes
library Vectors {
    /// @param caseType What a case is, as EIP-712 writes types. Fields of the file that it leaves out are not read.
    /// @return `abi.encode` of an array of that type.
    function casesOf(string memory file, string memory caseType) internal view returns (bytes memory) {
        return VM.parseJsonTypeArray(VM.readFile(string.concat("vectors/", file)), ".cases", caseType);
    }
}
