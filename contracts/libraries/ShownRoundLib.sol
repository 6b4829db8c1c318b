// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SlotDerivation} from "@openzeppelin/contracts/utils/SlotDerivation.sol";
import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";

import {Round, RoundId} from "../types/CommitmentTypes.sol";

/// @title What a packed round has in it, for the rest of a transaction
/// @dev In transient storage: whoever settles a job with it needs it no longer, and nothing can rest on it later.
library ShownRoundLib {
    using SlotDerivation for bytes32;
    using TransientSlot for *;

    bytes32 private constant SHOWN = keccak256("OPG ResultCommitments shown rounds");

    /// @dev Where a round is shown: its word, then what all of its nodes have stated; the entries under their nodes.
    function slotOf(RoundId roundId) internal pure returns (bytes32) {
        return SHOWN.deriveMapping(RoundId.unwrap(roundId));
    }

    function show(bytes32 slot, Round round, bytes32 leader) internal {
        slot.asUint256().tstore(Round.unwrap(round));
        slot.offset(1).asBytes32().tstore(leader);
    }

    function showEntry(bytes32 slot, address node, bytes32 entry) internal {
        slot.deriveMapping(node).asBytes32().tstore(entry);
    }

    /// @dev Both zero where the round was not shown.
    function roundAt(bytes32 slot) internal view returns (Round round, bytes32 leader) {
        return (Round.wrap(slot.asUint256().tload()), slot.offset(1).asBytes32().tload());
    }

    function entryAt(bytes32 slot, address node) internal view returns (bytes32) {
        return slot.deriveMapping(node).asBytes32().tload();
    }
}
