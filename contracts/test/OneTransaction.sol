// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Somebody who makes several calls in one transaction, whatever becomes of each
contract OneTransaction {
    struct Call {
        address target;
        bytes data;
    }

    /// @notice What a call has given back; where it was refused, the error.
    event Called(uint256 indexed index, bool success, bytes result);

    /// @param calls Are made in this order.
    function run(Call[] calldata calls) external {
        for (uint256 i; i < calls.length; ++i) {
            // solhint-disable-next-line avoid-low-level-calls
            (bool success, bytes memory result) = calls[i].target.call(calls[i].data);
            emit Called(i, success, result);
        }
    }
}
