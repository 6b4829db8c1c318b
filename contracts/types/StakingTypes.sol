// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @dev `keccak256(abi.encode(consumer, node, obligation))`. A consumer can only ever name locks of its own.
type LockId is bytes32;

/// @dev Assets that many own in shares. OPG fits uint96: the supply is 1e27 < 2^96. Where a slash leaves shares too many
/// for their assets, they are counted anew in larger units, and a new epoch begins; where it leaves nothing, they become
/// none. A holder's shares are kept beside the epoch in which they were counted.
struct SharePool {
    uint96 assets; // slot 0
    uint128 shares;
    uint32 epoch;
}

/// @dev What a draw needs to know of a node, in one slot. `stake` holds since `since`; older values are in a history.
struct Standing {
    address signer; // slot 0; the hot key that acts for the node
    uint48 since; // unix seconds
    uint40 stake; // backing in units of 0.001 OPG, rounded down
    bool covered; // what is locked is not more than the backing
}

/// @dev A node's books.
struct Node {
    Standing standing; // slot 0
    address owner; // slot 1; the cold key
    uint96 ownBonded; // OPG
    uint96 locked; // slot 2; sum of its locks
    uint96 earnings; // commission that the owner can withdraw
    uint16 commissionBps;
    uint16 nextCommissionBps; // holds from nextCommissionAt on
    SharePool ownThawing; // slot 3
    SharePool delegated; // slot 4
    SharePool delegatedThawing; // slot 5
    address nextOwner; // slot 6; must accept
    uint48 nextCommissionAt; // 0: no change is pending
    address nextSigner; // slot 7
    uint48 nextSignerAt; // 0: no change is pending
    string metadataURI; // slot 8
    Checkpoints.Trace208 stakes; // slot 9; earlier values of standing.stake
    Checkpoints.Trace160 signers; // slot 10; since when which signer was valid
}

/// @dev A delegator's part of a node's delegated pool.
struct Delegation {
    uint128 shares; // slot 0; as they were counted in `epoch`
    uint32 epoch;
}

/// @dev Stake on its way out. It is claimable from `endsAt` on, and slashed like the rest until it is claimed.
struct Thaw {
    uint128 shares; // slot 0; of the thawing pool, as they were counted in `epoch`
    uint32 epoch;
    uint48 endsAt; // unix seconds; 0 once it has been withdrawn or cancelled
}

/// @dev What a node lets one consumer lock.
struct Authorisation {
    uint96 cap; // slot 0
    uint96 locked;
}

/// @dev What of a node's stake answers for one obligation.
struct StakeLock {
    uint96 amount; // slot 0
    uint48 endsAt; // unix seconds; from then on it answers for nothing
}

/// @dev Where the tokens of a slash came from and went to. own + delegated = harmed + rewarded + burned.
struct Slashing {
    uint256 own;
    uint256 delegated;
    uint256 harmed;
    uint256 rewarded;
    uint256 burned;
}

/// @dev Governed numbers of NodeStaking; bounds are in the interface of its setter.
struct StakingParameters {
    uint96 leastOwnStake; // OPG
    uint96 leastDelegation; // OPG
    uint8 delegationRatio; // delegated stake that counts, per own stake
    uint32 signerRotationPeriod; // seconds
    uint32 commissionNoticePeriod; // seconds
}
