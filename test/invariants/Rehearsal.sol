// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {VM} from "../support/Vm.sol";

/// @title Tells whether a call would be accepted, as a wallet asks its node before it sends
contract Rehearsal {
    error Accepted();
    error Refused();

    function isAccepted(address caller, address target, bytes calldata call) external returns (bool) {
        // solhint-disable-next-line no-empty-blocks
        try this.perform(caller, target, call) {} catch (bytes memory outcome) {
            return bytes4(outcome) == Accepted.selector;
        }
        return false;
    }

    /// @dev Reverts always, so that nothing of it stays.
    function perform(address caller, address target, bytes calldata call) external {
        VM.prank(caller);
        // solhint-disable-next-line avoid-low-level-calls
        (bool did, ) = target.call(call);
        if (did) revert Accepted();
        revert Refused();
    }
}
