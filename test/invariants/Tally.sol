// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {spread} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";
import {Rehearsal} from "./Rehearsal.sol";

/// @title Counts how many of the calls that random play makes in somebody's name are accepted
/// @dev Play in which nearly everything is refused proves nothing.
abstract contract Tally {
    /// @dev By the function of this contract that made the calls.
    struct Count {
        bytes4 move;
        uint256 tried;
        uint256 done;
    }

    /// @dev One call in so many is made though it will be refused.
    uint256 private constant BLIND = 64;

    Rehearsal private immutable REHEARSAL = new Rehearsal();
    Count[] private _counts;
    /// @dev From one; zero for none yet.
    mapping(bytes4 move => uint256) private _places;

    function counts() external view returns (Count[] memory) {
        return _counts;
    }

    /// @dev Whether somebody would make a call: if it is possible, and now and then anyway.
    function _wouldTry(uint256 seed, address caller, address target, bytes memory call) internal returns (bool) {
        return spread(seed) % BLIND == 0 || REHEARSAL.isAccepted(caller, target, call);
    }

    /// @dev Calls in somebody's name what may be refused.
    function _send(address caller, address target, bytes memory call) internal returns (bool did, bytes memory given) {
        VM.prank(caller);
        // solhint-disable-next-line avoid-low-level-calls
        (did, given) = target.call(call);
        _count(did);
    }

    /// @dev The same where it does not matter what comes back.
    function _try(address caller, address target, bytes memory call) internal returns (bool did) {
        (did, ) = _send(caller, target, call);
    }

    /// @dev The same for what nothing may stop.
    function _must(address caller, address target, bytes memory call) internal {
        require(_try(caller, target, call), "refused what is always possible");
    }

    /// @dev One call more, of the move that is being made.
    function _count(bool did) internal {
        if (msg.sig == 0) return; // set up
        if (_places[msg.sig] == 0) {
            _counts.push(Count(msg.sig, 0, 0));
            _places[msg.sig] = _counts.length;
        }
        Count storage count = _counts[_places[msg.sig] - 1];
        ++count.tried;
        if (did) ++count.done;
    }
}
