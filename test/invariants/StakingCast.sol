// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {INodeStaking} from "../../contracts/interfaces/INodeStaking.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";
import {Tally} from "./Tally.sol";

/// @dev Real token and real staking, and everybody who plays with them. The cast itself is the admin.
abstract contract StakingCast is SuiteAdmin, Tally {
    uint256 public constant NODES = 2;
    uint256 public constant HOLDERS = 3;
    uint256 public constant CONSUMERS = 2;
    uint256 public constant OBLIGATIONS = 2;
    uint256 public constant SUPPLY = 1e27;
    uint32 internal constant THAW_PERIOD = 300;

    /// @dev Owners, by whose addresses the nodes go.
    address[NODES] public nodes;
    /// @dev Who delegates: two delegators, and the owner of the first node, to whichever node.
    address[HOLDERS] public holders;
    address[CONSUMERS] public consumers;
    /// @dev How often a function of staking was called and did its work.
    mapping(bytes4 entry => uint256) public successes;
    /// @dev How often it was refused, and with which error.
    mapping(bytes4 entry => mapping(bytes4 refusal => uint256)) public refusals;

    constructor() {
        VM.warp(1_000_000);
        for (uint256 i; i < NODES; ++i) _start(i);
        for (uint256 i; i < HOLDERS; ++i) {
            holders[i] = i < 2 ? address(uint160(0xde1e0 + i)) : nodes[0];
            _endow(holders[i]);
        }
        for (uint256 i; i < CONSUMERS; ++i) {
            consumers[i] = address(uint160(0xc0c00 + i));
            for (uint256 n; n < NODES; ++n) {
                _must(nodes[n], abi.encodeCall(INodeStaking.authorise, (nodes[n], consumers[i], 1e23)));
            }
        }
    }

    /// @dev Calls staking in somebody's name. What it refuses it refuses with an error of its own.
    function _try(address who, bytes memory data) internal returns (bool done, bytes memory given) {
        (done, given) = _send(who, address(STAKING), data);
        require(done || _isRefusal(bytes4(given)), "reverted with no reason of its own");
        if (done) ++successes[bytes4(data)];
        else ++refusals[bytes4(data)][bytes4(given)];
    }

    /// @dev The same for what nothing may stop.
    function _must(address who, bytes memory data) internal returns (bytes memory given) {
        bool done;
        (done, given) = _try(who, data);
        require(done, "refused what is always possible");
    }

    /// @dev The same for what must not be possible now.
    function _mustNot(address who, bytes memory data, bytes4 refusal) internal {
        (bool done, bytes memory given) = _try(who, data);
        require(!done && bytes4(given) == refusal, "allowed what is not possible yet");
    }

    function _isRefusal(bytes4 selector) private pure returns (bool) {
        return
            selector == INodeStaking.StakingAmountTooSmall.selector ||
            selector == INodeStaking.StakingDelegationCeiling.selector ||
            selector == INodeStaking.StakingSlippage.selector ||
            selector == INodeStaking.StakingStillThawing.selector ||
            selector == INodeStaking.StakingNotBacked.selector ||
            selector == INodeStaking.StakingOverCap.selector ||
            selector == INodeStaking.StakingLockRunning.selector;
    }

    function _start(uint256 i) private {
        nodes[i] = address(uint160(0x0de00 + i));
        _endow(nodes[i]);
        _register(nodes[i], 0xa11ce + i, 1_000e18);
    }
}
