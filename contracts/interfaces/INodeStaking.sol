// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Authorisation, SharePool, Slashing, StakeLock, StakingParameters} from "../types/StakingTypes.sol";
import {IOPGToken} from "./IOPGToken.sol";

/// @title Stake that answers for what nodes state
/// @notice A node has own stake, which is lost first, and stake of delegators, who share its rewards. A *consumer*, such
/// as a market, can lock stake only up to a cap that the node's owner has authorised, and slash only what it has locked.
/// There is no other way to slash.
///
/// *Backing* is own bonded stake plus delegated bonded stake up to a ratio of the own; it is what weighs in a draw and
/// what can be locked. Below the least own stake it is zero. Delegators may leave at any time, so locks can come to
/// exceed the backing; then the node is not *covered* and consumers accept nothing new from it. What they have accepted
/// before stays covered, because stake thaws for longer than any obligation lasts and is slashed while it thaws.
/// @dev A node is named by the address that registered it, for good; its owner may change.
interface INodeStaking {
    /// @notice A node was registered with `ownStake` (OPG, base units).
    event NodeRegistered(
        address indexed node,
        address indexed signer,
        uint256 ownStake,
        uint256 commissionBps,
        string metadataURI
    );

    /// @notice A node's description moved.
    event NodeMetadataSet(address indexed node, string metadataURI);

    /// @notice `nextOwner` may accept the node; zero withdraws the offer.
    event NodeTransferProposed(address indexed node, address indexed owner, address indexed nextOwner);

    /// @notice A node changed hands.
    event NodeTransferred(address indexed node, address indexed from, address indexed to);

    /// @notice `signer` can be activated at `effectiveAt` (unix seconds).
    event SignerProposed(address indexed node, address indexed signer, uint256 effectiveAt);

    /// @notice From now on `signer` acts for the node; zero means nobody does.
    event SignerActivated(address indexed node, address indexed signer);

    /// @notice The commission becomes `commissionBps` at `effectiveAt` (unix seconds).
    event CommissionProposed(address indexed node, uint256 commissionBps, uint256 effectiveAt);

    /// @notice Own stake was added (OPG, base units).
    event OwnStakeAdded(address indexed node, address indexed payer, uint256 amount);

    /// @notice Own stake began to thaw.
    event OwnStakeThawing(address indexed node, uint256 indexed thawId, uint256 amount, uint256 shares, uint256 endsAt);

    /// @notice A thaw of own stake was cancelled; `amount` is bonded again.
    event OwnStakeRebonded(address indexed node, uint256 indexed thawId, uint256 amount);

    /// @notice Thawed own stake left.
    event OwnStakeWithdrawn(address indexed node, uint256 indexed thawId, address indexed owner, uint256 amount);

    /// @notice A delegator joined a node's pool with `amount` (OPG, base units) for `shares`.
    event Delegated(address indexed node, address indexed delegator, uint256 amount, uint256 shares);

    /// @notice Delegated stake began to thaw: `shares` of the pool became `thawShares` of what thaws.
    event DelegationThawing(
        address indexed node,
        address indexed delegator,
        uint256 indexed thawId,
        uint256 amount,
        uint256 shares,
        uint256 thawShares,
        uint256 endsAt
    );

    /// @notice A thaw of delegated stake was cancelled: `amount` is bonded again, for `shares`.
    event DelegationRebonded(
        address indexed node,
        address indexed delegator,
        uint256 indexed thawId,
        uint256 amount,
        uint256 shares
    );

    /// @notice Thawed delegated stake left.
    event DelegationWithdrawn(address indexed node, address indexed delegator, uint256 indexed thawId, uint256 amount);

    /// @notice A node allows a consumer to lock up to `cap` (OPG, base units) in all.
    event ConsumerAuthorised(address indexed node, address indexed consumer, uint256 cap);

    /// @notice A lock changed: it now holds `amount` (OPG, base units) until `endsAt` (unix seconds).
    event LockChanged(
        address indexed node,
        address indexed consumer,
        bytes32 indexed obligation,
        uint256 amount,
        uint256 endsAt
    );

    /// @notice Stake was taken, own stake first. `ownThawing` and `delegatedThawing` are the thawing parts of `own` and
    /// `delegated`. `harmed` and `rewarded` went to the consumer, the rest was burned. All OPG, base units.
    event NodeSlashed(
        address indexed node,
        address indexed consumer,
        bytes32 indexed obligation,
        uint256 requested,
        uint256 own,
        uint256 ownThawing,
        uint256 delegated,
        uint256 delegatedThawing,
        uint256 harmed,
        uint256 rewarded
    );

    /// @notice A node earned: `commission` for its owner, `own` and `delegated` for those parts of its stake.
    event NodeRewarded(address indexed node, address indexed payer, uint256 commission, uint256 own, uint256 delegated);

    /// @notice The owner took its commission.
    event EarningsWithdrawn(address indexed node, address indexed owner, uint256 amount);

    /// @notice New parameters hold from now on.
    event StakingParametersSet(StakingParameters parameters);

    /// @notice No node has this address.
    /// @custom:fix Register it, or check the address; a node is named by the address that registered it.
    error StakingUnknownNode(address node);

    /// @notice The caller has registered a node before.
    /// @custom:fix Use another address for another node.
    error StakingNodeExists(address node);

    /// @notice The caller does not own the node.
    /// @custom:fix Call from `owner`.
    error StakingNotNodeOwner(address node, address caller, address owner);

    /// @notice The node was not offered to the caller.
    /// @custom:fix The owner calls `proposeOwner` with the caller's address first.
    error StakingNotNextOwner(address node, address caller, address nextOwner);

    /// @notice The signer's consent is not a valid signature over this node and its next nonce.
    /// @custom:fix Sign the EIP-712 message `SignerConsent(address node,address signer,uint256 nonce)` with the signer's
    /// key; `nonces` gives the nonce.
    error StakingBadConsent(address node, address signer, uint256 nonce);

    /// @notice The key acts, or is about to act, for another node; or it is zero.
    /// @custom:fix Use a key of its own for every node.
    error StakingSignerTaken(address signer, address node);

    /// @notice No signer waits to be activated, or it is too early for it.
    /// @custom:fix Try at `effectiveAt` (unix seconds); zero means that none was proposed.
    error StakingSignerNotDue(address node, uint256 effectiveAt);

    /// @notice A commission above the cap.
    /// @custom:fix Stay at or below `most` basis points.
    error StakingCommissionTooHigh(uint256 given, uint256 most);

    /// @notice Less own stake than a node must start with.
    /// @custom:fix Stake at least `least` (OPG, base units).
    error StakingOwnStakeTooSmall(uint256 given, uint256 least);

    /// @notice An amount of zero, or a delegation below the least one.
    /// @custom:fix Give at least `least` (OPG, base units).
    error StakingAmountTooSmall(uint256 given, uint256 least);

    /// @notice More than there is.
    /// @custom:fix Ask for at most `available` (OPG base units, or shares).
    error StakingInsufficient(address node, uint256 requested, uint256 available);

    /// @notice The node already has as much delegated stake as its own stake allows.
    /// @custom:fix Delegate at most `most` less than `delegated` would be (OPG, base units), or to another node.
    error StakingDelegationCeiling(address node, uint256 delegated, uint256 most);

    /// @notice The pool gave fewer shares, or less OPG, than the caller wanted at least.
    /// @custom:fix Look at the price again and lower the bound if it is acceptable.
    error StakingSlippage(uint256 given, uint256 least);

    /// @notice There is no such thaw, or it was withdrawn or cancelled.
    /// @custom:fix Take the id from the event that began the thaw.
    error StakingUnknownThaw(address node, address holder, uint256 thawId);

    /// @notice The stake still thaws.
    /// @custom:fix Withdraw at `endsAt` (unix seconds) or later.
    error StakingStillThawing(uint256 thawId, uint256 endsAt);

    /// @notice After this the node's locks would exceed what backs them.
    /// @custom:fix Have the consumers unlock, or release lapsed locks, until `locked` is at most `backing`; or lock less.
    error StakingNotBacked(address node, uint256 locked, uint256 backing);

    /// @notice The consumer would have locked more than the node allows it.
    /// @custom:fix The node's owner raises the cap with `authorise`, or the consumer locks less.
    error StakingOverCap(address node, address consumer, uint256 locked, uint256 cap);

    /// @notice A lock must end later than now, not earlier than before, and within the longest period of a lock.
    /// @custom:fix Choose an end between `least` and `most` (unix seconds).
    error StakingBadLockEnd(uint256 given, uint256 least, uint256 most);

    /// @notice A lock still answers for its obligation.
    /// @custom:fix Wait until `endsAt` (unix seconds), or have the consumer unlock it.
    error StakingLockRunning(address node, address consumer, bytes32 obligation, uint256 endsAt);

    /// @notice A parameter is outside its hard bounds.
    /// @custom:fix Give `parameter` between `least` and `most`.
    error StakingParameterOutOfBounds(bytes32 parameter, uint256 given, uint256 least, uint256 most);

    /// @notice Registers the caller as a node and stakes for it.
    /// @param ownStake OPG, base units; at least the least own stake. Pulled from the caller's allowance.
    /// @param signer The hot key that will act for the node.
    /// @param consent Signature of `signer` over `SignerConsent(address node,address signer,uint256 nonce)`.
    /// @param commissionBps Part of all rewards that goes to the owner first, at most 5,000.
    /// @param metadataURI Where the node describes itself.
    function register(
        uint256 ownStake,
        address signer,
        bytes calldata consent,
        uint256 commissionBps,
        string calldata metadataURI
    ) external;

    /// @notice Moves a node's description.
    /// @param node The node.
    /// @param metadataURI Where the node describes itself.
    /// @custom:caller The node's owner.
    function setMetadataURI(address node, string calldata metadataURI) external;

    /// @notice Offers a node to another owner, who must accept it.
    /// @param node The node.
    /// @param nextOwner Who may accept; zero withdraws the offer.
    /// @custom:caller The node's owner.
    function proposeOwner(address node, address nextOwner) external;

    /// @notice Takes over a node: its own stake, what of it thaws, and its earnings from now on.
    /// @param node The node.
    /// @custom:caller To whom the node was offered.
    function acceptOwnership(address node) external;

    /// @notice Announces another signer, which can be activated after the rotation period.
    /// @param node The node.
    /// @param signer The new hot key.
    /// @param consent Signature of `signer` over `SignerConsent(address node,address signer,uint256 nonce)`.
    /// @custom:caller The node's owner.
    function proposeSigner(address node, address signer, bytes calldata consent) external;

    /// @notice Puts the announced signer in place of the present one.
    /// @param node The node.
    /// @custom:caller Anyone, once the rotation period is over.
    function activateSigner(address node) external;

    /// @notice Takes the present signer's power at once, and drops an announced one.
    /// @param node The node.
    /// @custom:caller The node's owner.
    function revokeSigner(address node) external;

    /// @notice Announces another commission, which holds after the notice period.
    /// @param node The node.
    /// @param commissionBps At most 5,000.
    /// @custom:caller The node's owner.
    function proposeCommission(address node, uint256 commissionBps) external;

    /// @notice Adds own stake to a node. Whoever adds it gives it to the node's owner.
    /// @param node The node.
    /// @param amount OPG, base units; pulled from the caller's allowance.
    function stake(address node, uint256 amount) external;

    /// @notice Begins to take own stake out.
    /// @param node The node.
    /// @param amount OPG, base units.
    /// @return thawId For `withdraw` and `cancelThaw`; counts from 0 for each node.
    /// @custom:caller The node's owner.
    function thaw(address node, uint256 amount) external returns (uint256 thawId);

    /// @notice Bonds thawing own stake again.
    /// @param node The node.
    /// @param thawId From the event of the thaw.
    /// @return amount OPG, base units; less than was thawed if it was slashed meanwhile.
    /// @custom:caller The node's owner.
    function cancelThaw(address node, uint256 thawId) external returns (uint256 amount);

    /// @notice Pays thawed own stake to the owner.
    /// @param node The node.
    /// @param thawId From the event of the thaw.
    /// @return amount OPG, base units.
    /// @custom:caller The node's owner.
    function withdraw(address node, uint256 thawId) external returns (uint256 amount);

    /// @notice Adds the caller's stake to a node's delegated pool.
    /// @param node The node.
    /// @param amount OPG, base units; pulled from the caller's allowance.
    /// @param leastShares Reverts if the pool gives fewer.
    /// @return shares Of the pool.
    function delegate(address node, uint256 amount, uint256 leastShares) external returns (uint256 shares);

    /// @notice Begins to take the caller's stake out of a node's delegated pool.
    /// @param node The node.
    /// @param shares Of the pool.
    /// @param leastAmount Reverts if they are worth less (OPG, base units).
    /// @return thawId For `withdrawDelegation` and `cancelUndelegate`; counts from 0 for each node and delegator.
    function undelegate(address node, uint256 shares, uint256 leastAmount) external returns (uint256 thawId);

    /// @notice Bonds thawing delegated stake again.
    /// @param node The node.
    /// @param thawId From the event of the thaw.
    /// @param leastShares Reverts if the pool gives fewer.
    /// @return shares Of the pool.
    function cancelUndelegate(address node, uint256 thawId, uint256 leastShares) external returns (uint256 shares);

    /// @notice Pays thawed delegated stake to the caller, who delegated it.
    /// @param node The node.
    /// @param thawId From the event of the thaw.
    /// @return amount OPG, base units.
    function withdrawDelegation(address node, uint256 thawId) external returns (uint256 amount);

    /// @notice Allows a consumer to lock stake, in all up to a cap. A lower cap stops new locks; standing ones live on.
    /// @param node The node.
    /// @param consumer A contract that locks and slashes, such as a market. It can take all that it locks: read it first.
    /// @param cap OPG, base units.
    /// @custom:caller The node's owner.
    function authorise(address node, address consumer, uint256 cap) external;

    /// @notice Makes a lock hold `amount` until `endsAt`, whether that is more or less than before.
    /// @param node Whose stake.
    /// @param obligation The consumer's name for what the stake answers for.
    /// @param amount OPG, base units.
    /// @param endsAt Unix seconds; not earlier than before, at most 90 days from now.
    /// @custom:caller A consumer that the node has authorised.
    function lock(address node, bytes32 obligation, uint256 amount, uint256 endsAt) external;

    /// @notice Lets go of stake that answers for an obligation.
    /// @param node Whose stake.
    /// @param obligation The consumer's name for it.
    /// @param amount OPG, base units, or everything where the lock holds less.
    /// @custom:caller The consumer that locked it.
    function unlock(address node, bytes32 obligation, uint256 amount) external;

    /// @notice Clears a lock that has come to its end, so that a dead consumer holds nothing.
    /// @param node Whose stake.
    /// @param consumer Who locked it.
    /// @param obligation The consumer's name for it.
    /// @custom:caller Anyone.
    function release(address node, address consumer, bytes32 obligation) external;

    /// @notice Takes stake that the caller had locked, own stake first, bonded and thawing alike.
    /// @dev Never reverts, so that a verdict can always be carried out: it takes what is left of the lock, nothing after
    /// the lock's end. Out of the own part of what it took, `harm` is paid to the caller first, then `compensation`; the
    /// rest, and all that delegators lose, is burned, so that nobody gains by having them slashed. Of the own part only so
    /// much is paid as the locks of other consumers leave of all own stake, so that an operator cannot take it out, through
    /// a consumer of its own, before they slash.
    /// @param node Whose stake.
    /// @param obligation The consumer's name for what was broken.
    /// @param requested OPG, base units.
    /// @param harm Most that is to be paid to those who were harmed, OPG, base units.
    /// @param compensation Most that is to be paid as compensation or reward, OPG, base units.
    /// @return Where it came from, and what the caller received.
    /// @custom:rounds The thawing part of what is taken is rounded up, to the wei.
    /// @custom:caller The consumer that locked it.
    function slash(
        address node,
        bytes32 obligation,
        uint256 requested,
        uint256 harm,
        uint256 compensation
    ) external returns (Slashing memory);

    /// @notice Pays a node: commission to its owner, the rest to own and delegated stake as they are bonded.
    /// @param node The node.
    /// @param amount OPG, base units; pulled from the caller's allowance.
    /// @custom:rounds Commission and the delegators' part down; the own stake gets what is left.
    function reward(address node, uint256 amount) external;

    /// @notice Pays the owner's commission out.
    /// @param node The node.
    /// @return amount OPG, base units.
    /// @custom:caller The node's owner.
    function withdrawEarnings(address node) external returns (uint256 amount);

    /// @notice Sets the governed numbers.
    /// @param parameters leastOwnStake 1 to 1,000,000 OPG; leastDelegation 0.01 to 1,000 OPG; delegationRatio 0 to 4;
    /// signerRotationPeriod 2 seconds to 7 days; commissionNoticePeriod `THAW_PERIOD` to 90 days.
    /// @custom:caller Whom the access manager allows.
    function setParameters(StakingParameters calldata parameters) external;

    /// @notice What a draw needs to know of a node.
    /// @param node The node.
    /// @param time Unix seconds; not in the future.
    /// @return signer The key that acts for it now.
    /// @return stakeThen Its backing at `time`, OPG, base units, rounded down to 0.001 OPG.
    /// @return covered Whether its locks are backed now.
    function standingOf(
        address node,
        uint256 time
    ) external view returns (address signer, uint256 stakeThen, bool covered);

    /// @notice What of a node's stake counts now: own bonded plus delegated bonded up to the ratio.
    /// @param node The node.
    /// @return OPG, base units; zero below the least own stake.
    function backingOf(address node) external view returns (uint256);

    /// @notice The sum of a node's locks.
    /// @param node The node.
    /// @return OPG, base units.
    function lockedOf(address node) external view returns (uint256);

    /// @notice A node's own stake.
    /// @param node The node.
    /// @return bonded OPG, base units.
    /// @return thawing The pool of what is on its way out.
    function ownStakeOf(address node) external view returns (uint256 bonded, SharePool memory thawing);

    /// @notice A node's delegated stake.
    /// @param node The node.
    /// @return bonded The pool that delegators share.
    /// @return thawing The pool of what is on its way out.
    function delegatedStakeOf(address node) external view returns (SharePool memory bonded, SharePool memory thawing);

    /// @notice What a delegator has in a node.
    /// @param node The node.
    /// @param delegator Who delegated.
    /// @return shares Of the delegated pool.
    /// @return amount What they are worth now, OPG, base units, rounded down.
    function delegationOf(address node, address delegator) external view returns (uint256 shares, uint256 amount);

    /// @notice A thaw of own stake (`holder` zero) or of a delegator's.
    /// @param node The node.
    /// @param holder The delegator; zero for the node's own stake.
    /// @param thawId From the event of the thaw.
    /// @return endsAt Unix seconds; zero where there is none.
    /// @return amount What it is worth now, OPG, base units, rounded down.
    function thawOf(
        address node,
        address holder,
        uint256 thawId
    ) external view returns (uint256 endsAt, uint256 amount);

    /// @notice Who owns a node, and to whom it is offered.
    /// @param node The node.
    function ownerOf(address node) external view returns (address owner, address nextOwner);

    /// @notice A node's commission now, and the announced one.
    /// @param node The node.
    /// @return currentBps Holds now.
    /// @return nextBps Holds from `nextAt` on.
    /// @return nextAt Unix seconds; zero where no change is pending.
    function commissionOf(address node) external view returns (uint256 currentBps, uint256 nextBps, uint256 nextAt);

    /// @notice A node's signer now, and the announced one.
    /// @param node The node.
    /// @return signer Holds now; zero after it was revoked.
    /// @return nextSigner Can be activated from `nextAt` on.
    /// @return nextAt Unix seconds; zero where no change is pending.
    function signerOf(address node) external view returns (address signer, address nextSigner, uint256 nextAt);

    /// @notice The signer that was valid for a node at a time.
    /// @param node The node.
    /// @param time Unix seconds.
    /// @return Zero where there was none.
    function signerAt(address node, uint256 time) external view returns (address);

    /// @notice Whether an account runs a node: its owner, or its present signer.
    /// @param node The node.
    /// @param account Owner, signer or somebody else.
    function isOperator(address node, address account) external view returns (bool);

    /// @notice The node that a key acts, or is about to act, for.
    /// @param signer The hot key.
    /// @return Zero where there is none.
    function nodeOf(address signer) external view returns (address);

    /// @notice The number that a signer's next consent must carry.
    /// @param signer The hot key.
    function nonces(address signer) external view returns (uint256);

    /// @notice Commission that a node's owner can withdraw.
    /// @param node The node.
    /// @return OPG, base units.
    function earningsOf(address node) external view returns (uint256);

    /// @notice Where a node describes itself.
    /// @param node The node.
    function metadataURIOf(address node) external view returns (string memory);

    /// @notice What a node allows a consumer, and what that has locked.
    /// @param node The node.
    /// @param consumer Who locks.
    function authorisationOf(address node, address consumer) external view returns (Authorisation memory);

    /// @notice What answers for an obligation.
    /// @param node Whose stake.
    /// @param consumer Who locked it.
    /// @param obligation The consumer's name for it.
    function lockOf(address node, address consumer, bytes32 obligation) external view returns (StakeLock memory);

    /// @notice The governed numbers.
    function parameters() external view returns (StakingParameters memory);

    /// @notice OPG.
    function TOKEN() external view returns (IOPGToken);

    /// @notice How long (seconds) stake is slashable after its owner asked for it. Fixed at deployment.
    function THAW_PERIOD() external view returns (uint48);
}
