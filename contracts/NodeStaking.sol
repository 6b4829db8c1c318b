// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {NodeKeys} from "./base/NodeKeys.sol";
import {PausableEntries} from "./base/PausableEntries.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {IOPGToken} from "./interfaces/IOPGToken.sol";
import {HistoryLib} from "./libraries/HistoryLib.sol";
import {SharePoolLib} from "./libraries/SharePoolLib.sol";
import {
    Authorisation,
    Delegation,
    LockId,
    Node,
    SharePool,
    Slashing,
    StakeLock,
    StakingParameters,
    Standing,
    Thaw
} from "./types/StakingTypes.sol";

/// @title Stake that answers for what nodes state
contract NodeStaking is PausableEntries, ReentrancyGuardTransient, NodeKeys {
    using HistoryLib for Checkpoints.Trace208;
    using SafeCast for uint256;
    using SafeERC20 for IOPGToken;
    using SharePoolLib for SharePool;

    uint256 private constant COMMISSION_CAP_BPS = 5_000;
    uint256 private constant MAX_LOCK_PERIOD = 90 days;
    uint256 private constant MAX_THAW_PERIOD = 60 days;
    /// @dev Grain of the stake in a node's standing. The supply is 1e12 grains < 2^40.
    uint256 private constant STAKE_GRAIN = 1e15;
    /// @dev Stands for the node itself where thaws are kept by their holder.
    address private constant OWN = address(0);

    /// @inheritdoc INodeStaking
    IOPGToken public immutable TOKEN;
    /// @inheritdoc INodeStaking
    uint48 public immutable THAW_PERIOD;

    mapping(address node => mapping(address delegator => Delegation)) private _delegations;
    mapping(address node => mapping(address holder => Thaw[])) private _thaws;
    mapping(address node => mapping(address consumer => Authorisation)) private _authorisations;
    mapping(LockId lockId => StakeLock) private _locks;

    /// @param authority The access manager.
    /// @param token OPG.
    /// @param thawPeriod Seconds, 1 second to 60 days.
    /// @param initial The governed numbers at first.
    constructor(
        address authority,
        IOPGToken token,
        uint48 thawPeriod,
        StakingParameters memory initial
    ) AccessManaged(authority) EIP712("OPG NodeStaking", "1") {
        _checkBounds("thawPeriod", thawPeriod, 1, MAX_THAW_PERIOD);
        TOKEN = token;
        THAW_PERIOD = thawPeriod;
        _setParameters(initial);
    }

    /// @inheritdoc INodeStaking
    function register(
        uint256 ownStake,
        address signer,
        bytes calldata consent,
        uint256 commissionBps,
        string calldata metadataURI
    ) external nonReentrant {
        _checkOpen();
        Node storage node = _nodes[msg.sender];
        if (node.owner != address(0)) revert StakingNodeExists(msg.sender);
        if (ownStake < _parameters.leastOwnStake) revert StakingOwnStakeTooSmall(ownStake, _parameters.leastOwnStake);

        node.owner = msg.sender;
        node.ownBonded = ownStake.toUint96();
        node.commissionBps = _checkedCommission(commissionBps);
        node.metadataURI = metadataURI;
        _claimSigner(msg.sender, signer, consent);
        emit NodeRegistered(msg.sender, signer, ownStake, commissionBps, metadataURI);
        _setSigner(msg.sender, signer);
        _refresh(node);

        TOKEN.safeTransferFrom(msg.sender, address(this), ownStake);
    }

    /// @inheritdoc INodeStaking
    function proposeCommission(address node, uint256 commissionBps) external onlyNodeOwner(node) {
        Node storage self = _nodes[node];
        uint48 effectiveAt = uint48(block.timestamp + _parameters.commissionNoticePeriod);
        self.commissionBps = _commissionNow(self);
        self.nextCommissionBps = _checkedCommission(commissionBps);
        self.nextCommissionAt = effectiveAt;
        emit CommissionProposed(node, commissionBps, effectiveAt);
    }

    /// @inheritdoc INodeStaking
    function stake(address node, uint256 amount) external nonReentrant {
        _checkOpen();
        Node storage self = _known(node);
        if (amount == 0) revert StakingAmountTooSmall(0, 1);

        self.ownBonded += amount.toUint96();
        _refresh(self);
        emit OwnStakeAdded(node, msg.sender, amount);

        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc INodeStaking
    function thaw(address node, uint256 amount) external onlyNodeOwner(node) returns (uint256 thawId) {
        Node storage self = _nodes[node];
        if (amount == 0) revert StakingAmountTooSmall(0, 1);
        if (amount > self.ownBonded) revert StakingInsufficient(node, amount, self.ownBonded);

        self.ownBonded -= uint96(amount); // <= ownBonded
        _requireBacked(node, _backing(self));
        _refresh(self);
        uint256 shares;
        uint48 endsAt;
        (thawId, shares, endsAt) = _beginThaw(node, OWN, self.ownThawing, amount);
        emit OwnStakeThawing(node, thawId, amount, shares, endsAt);
    }

    /// @inheritdoc INodeStaking
    function cancelThaw(address node, uint256 thawId) external onlyNodeOwner(node) returns (uint256 amount) {
        Node storage self = _nodes[node];
        amount = _endThaw(node, OWN, thawId, self.ownThawing);
        self.ownBonded += uint96(amount); // <= assets of ownThawing
        _refresh(self);
        emit OwnStakeRebonded(node, thawId, amount);
    }

    /// @inheritdoc INodeStaking
    function withdraw(address node, uint256 thawId) external nonReentrant onlyNodeOwner(node) returns (uint256 amount) {
        Node storage self = _nodes[node];
        _requireThawed(node, OWN, thawId);
        // Own stake is the first loss: it must not leave while more is locked than the own stake that remains carries.
        _requireBacked(node, uint256(self.ownBonded) * (1 + uint256(_parameters.delegationRatio)));
        amount = _endThaw(node, OWN, thawId, self.ownThawing);
        emit OwnStakeWithdrawn(node, thawId, msg.sender, amount);

        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc INodeStaking
    function delegate(
        address node,
        uint256 amount,
        uint256 leastShares
    ) external nonReentrant returns (uint256 shares) {
        _checkOpen();
        Node storage self = _known(node);
        if (amount < _parameters.leastDelegation) revert StakingAmountTooSmall(amount, _parameters.leastDelegation);

        shares = _joinPool(node, amount, leastShares);
        _refresh(self);
        emit Delegated(node, msg.sender, amount, shares);

        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc INodeStaking
    function undelegate(address node, uint256 shares, uint256 leastAmount) external returns (uint256 thawId) {
        Node storage self = _nodes[node];
        Delegation storage delegation = _delegations[node][msg.sender];
        uint256 held = _sharesOf(self, delegation);
        if (shares == 0) revert StakingAmountTooSmall(0, 1);
        if (shares > held) revert StakingInsufficient(node, shares, held);

        delegation.shares = uint128(held - shares);
        delegation.epoch = self.delegated.epoch;
        uint256 amount = self.delegated.redeem(shares);
        if (amount < leastAmount) revert StakingSlippage(amount, leastAmount);
        _refresh(self);
        uint256 thawShares;
        uint48 endsAt;
        (thawId, thawShares, endsAt) = _beginThaw(node, msg.sender, self.delegatedThawing, amount);
        emit DelegationThawing(node, msg.sender, thawId, amount, shares, thawShares, endsAt);
    }

    /// @inheritdoc INodeStaking
    function cancelUndelegate(address node, uint256 thawId, uint256 leastShares) external returns (uint256 shares) {
        Node storage self = _nodes[node];
        uint256 amount = _endThaw(node, msg.sender, thawId, self.delegatedThawing);
        shares = _joinPool(node, amount, leastShares);
        _refresh(self);
        emit DelegationRebonded(node, msg.sender, thawId, amount, shares);
    }

    /// @inheritdoc INodeStaking
    function withdrawDelegation(address node, uint256 thawId) external nonReentrant returns (uint256 amount) {
        _requireThawed(node, msg.sender, thawId);
        amount = _endThaw(node, msg.sender, thawId, _nodes[node].delegatedThawing);
        emit DelegationWithdrawn(node, msg.sender, thawId, amount);

        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc INodeStaking
    function authorise(address node, address consumer, uint256 cap) external onlyNodeOwner(node) {
        _authorisations[node][consumer].cap = cap.toUint96();
        emit ConsumerAuthorised(node, consumer, cap);
    }

    /// @inheritdoc INodeStaking
    function lock(address node, bytes32 obligation, uint256 amount, uint256 endsAt) external {
        Node storage self = _nodes[node];
        Authorisation storage authorisation = _authorisations[node][msg.sender];
        StakeLock storage held = _lock(msg.sender, node, obligation);
        uint256 before = held.amount;
        // A node that only lets its lock last longer keeps its seats in what has begun.
        if (amount > before) _checkOpen();
        uint256 lockedHere = authorisation.locked - before + amount;
        // A cap that was lowered, or stake that left, stops what is new, not what stands.
        bool grows = amount > before || endsAt > held.endsAt;
        if (grows && lockedHere > authorisation.cap) {
            revert StakingOverCap(node, msg.sender, lockedHere, authorisation.cap);
        }
        uint256 earliest = Math.max(block.timestamp + 1, held.endsAt);
        uint256 latest = block.timestamp + MAX_LOCK_PERIOD;
        if (endsAt < earliest || endsAt > latest) revert StakingBadLockEnd(endsAt, earliest, latest);

        authorisation.locked = lockedHere.toUint96();
        self.locked = (self.locked - before + amount).toUint96();
        if (grows) _requireBacked(node, _backing(self));
        held.amount = uint96(amount); // <= lockedHere
        held.endsAt = uint48(endsAt); // <= now + 90 days
        _noteLock(node, msg.sender, obligation, held);
    }

    /// @inheritdoc INodeStaking
    function unlock(address node, bytes32 obligation, uint256 amount) external {
        StakeLock storage held = _lock(msg.sender, node, obligation);
        _reduceLock(node, msg.sender, held, Math.min(amount, held.amount));
        _noteLock(node, msg.sender, obligation, held);
    }

    /// @inheritdoc INodeStaking
    function release(address node, address consumer, bytes32 obligation) external {
        StakeLock storage held = _lock(consumer, node, obligation);
        uint48 endsAt = held.endsAt;
        if (block.timestamp < endsAt) revert StakingLockRunning(node, consumer, obligation, endsAt);

        _reduceLock(node, consumer, held, held.amount);
        _noteLock(node, consumer, obligation, held);
    }

    /// @inheritdoc INodeStaking
    function slash(
        address node,
        bytes32 obligation,
        uint256 requested,
        uint256 harm,
        uint256 compensation
    ) external nonReentrant returns (Slashing memory result) {
        StakeLock storage held = _lock(msg.sender, node, obligation);
        uint256 amount = block.timestamp < held.endsAt ? Math.min(requested, held.amount) : 0;
        if (amount == 0) return result;

        Node storage self = _nodes[node];
        _reduceLock(node, msg.sender, held, amount);
        uint256 ownThawing;
        uint256 delegatedThawing;
        (result.own, ownThawing) = _slashOwn(self, amount);
        if (result.own < amount) (result.delegated, delegatedThawing) = _slashDelegated(self, amount - result.own);
        _noteLock(node, msg.sender, obligation, held);

        _divide(result, node, harm, compensation);
        emit NodeSlashed(
            node,
            msg.sender,
            obligation,
            requested,
            result.own,
            ownThawing,
            result.delegated,
            delegatedThawing,
            result.harmed,
            result.rewarded
        );

        TOKEN.safeTransfer(msg.sender, result.harmed + result.rewarded);
        TOKEN.burn(result.burned);
    }

    /// @inheritdoc INodeStaking
    function reward(address node, uint256 amount) external nonReentrant {
        Node storage self = _known(node);
        // What rounding left in a pool that all have left is nobody's, and must not draw rewards to it.
        uint256 delegatedBonded = self.delegated.shares == 0 ? 0 : self.delegated.assets;
        uint256 bonded = self.ownBonded + delegatedBonded;
        // With nothing bonded there is nobody to share with.
        uint256 commission = bonded == 0 ? amount : (amount * _commissionNow(self)) / 10_000;
        uint256 toDelegated = bonded == 0 ? 0 : Math.mulDiv(amount - commission, delegatedBonded, bonded);
        uint256 toOwn = amount - commission - toDelegated;

        self.earnings += commission.toUint96();
        self.delegated.assets += toDelegated.toUint96();
        self.ownBonded += toOwn.toUint96();
        _refresh(self);
        emit NodeRewarded(node, msg.sender, commission, toOwn, toDelegated);

        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc INodeStaking
    function withdrawEarnings(address node) external nonReentrant onlyNodeOwner(node) returns (uint256 amount) {
        amount = _nodes[node].earnings;
        _nodes[node].earnings = 0;
        emit EarningsWithdrawn(node, msg.sender, amount);

        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc INodeStaking
    function setParameters(StakingParameters calldata next) external restricted {
        _setParameters(next);
    }

    /// @inheritdoc INodeStaking
    function standingOf(
        address node,
        uint256 time
    ) external view returns (address signer, uint256 stakeThen, bool covered) {
        Node storage self = _nodes[node];
        Standing memory standing = self.standing;
        uint256 grains = self.stakes.valueAt(standing.since, standing.stake, time);
        return (standing.signer, grains * STAKE_GRAIN, standing.covered);
    }

    /// @inheritdoc INodeStaking
    function backingOf(address node) external view returns (uint256) {
        return _backing(_nodes[node]);
    }

    /// @inheritdoc INodeStaking
    function lockedOf(address node) external view returns (uint256) {
        return _nodes[node].locked;
    }

    /// @inheritdoc INodeStaking
    function ownStakeOf(address node) external view returns (uint256 bonded, SharePool memory thawing) {
        return (_nodes[node].ownBonded, _nodes[node].ownThawing);
    }

    /// @inheritdoc INodeStaking
    function delegatedStakeOf(address node) external view returns (SharePool memory bonded, SharePool memory thawing) {
        return (_nodes[node].delegated, _nodes[node].delegatedThawing);
    }

    /// @inheritdoc INodeStaking
    function delegationOf(address node, address delegator) external view returns (uint256 shares, uint256 amount) {
        Node storage self = _nodes[node];
        shares = _sharesOf(self, _delegations[node][delegator]);
        amount = self.delegated.toAssetsDown(shares);
    }

    /// @inheritdoc INodeStaking
    function thawOf(
        address node,
        address holder,
        uint256 thawId
    ) external view returns (uint256 endsAt, uint256 amount) {
        Thaw[] storage thaws = _thaws[node][holder];
        if (thawId >= thaws.length || thaws[thawId].endsAt == 0) return (0, 0);
        SharePool storage pool = holder == OWN ? _nodes[node].ownThawing : _nodes[node].delegatedThawing;
        return (thaws[thawId].endsAt, _worth(pool, thaws[thawId]));
    }

    /// @inheritdoc INodeStaking
    function commissionOf(address node) external view returns (uint256 currentBps, uint256 nextBps, uint256 nextAt) {
        Node storage self = _nodes[node];
        return (_commissionNow(self), self.nextCommissionBps, self.nextCommissionAt);
    }

    /// @inheritdoc INodeStaking
    function earningsOf(address node) external view returns (uint256) {
        return _nodes[node].earnings;
    }

    /// @inheritdoc INodeStaking
    function authorisationOf(address node, address consumer) external view returns (Authorisation memory) {
        return _authorisations[node][consumer];
    }

    /// @inheritdoc INodeStaking
    function lockOf(address node, address consumer, bytes32 obligation) external view returns (StakeLock memory) {
        return _lock(consumer, node, obligation);
    }

    /// @inheritdoc INodeStaking
    function parameters() external view returns (StakingParameters memory) {
        return _parameters;
    }

    function _setParameters(StakingParameters memory next) private {
        _checkBounds("leastOwnStake", next.leastOwnStake, 1e18, 1e24);
        _checkBounds("leastDelegation", next.leastDelegation, 1e16, 1e21);
        _checkBounds("delegationRatio", next.delegationRatio, 0, 4);
        _checkBounds("signerRotationPeriod", next.signerRotationPeriod, 2, 7 days);
        _checkBounds("commissionNoticePeriod", next.commissionNoticePeriod, THAW_PERIOD, 90 days);
        _parameters = next;
        emit StakingParametersSet(next);
    }

    /// @dev Puts the caller's assets into a node's delegated pool, up to the ceiling.
    function _joinPool(address node, uint256 amount, uint256 leastShares) private returns (uint256 shares) {
        Node storage self = _nodes[node];
        uint256 ceiling = uint256(self.ownBonded) * _parameters.delegationRatio;
        uint256 delegated = self.delegated.assets + amount;
        if (delegated > ceiling) revert StakingDelegationCeiling(node, delegated, ceiling);

        Delegation storage delegation = _delegations[node][msg.sender];
        uint256 held = _sharesOf(self, delegation);
        shares = self.delegated.deposit(amount);
        if (shares == 0 || shares < leastShares) revert StakingSlippage(shares, Math.max(leastShares, 1));
        delegation.shares = (held + shares).toUint128();
        delegation.epoch = self.delegated.epoch;
    }

    function _beginThaw(
        address node,
        address holder,
        SharePool storage pool,
        uint256 amount
    ) private returns (uint256 thawId, uint256 shares, uint48 endsAt) {
        Thaw[] storage thaws = _thaws[node][holder];
        thawId = thaws.length;
        shares = pool.deposit(amount);
        endsAt = uint48(block.timestamp) + THAW_PERIOD;
        thaws.push(Thaw({shares: uint128(shares), epoch: pool.epoch, endsAt: endsAt})); // deposit has checked the cast
    }

    function _requireThawed(address node, address holder, uint256 thawId) private view {
        uint48 endsAt = _thaw(node, holder, thawId).endsAt;
        if (block.timestamp < endsAt) revert StakingStillThawing(thawId, endsAt);
    }

    function _endThaw(
        address node,
        address holder,
        uint256 thawId,
        SharePool storage pool
    ) private returns (uint256 amount) {
        Thaw memory ended = _thaw(node, holder, thawId);
        delete _thaws[node][holder][thawId];
        return pool.redeem(pool.sharesNow(ended.shares, ended.epoch));
    }

    /// @dev Takes own stake, up to `amount`.
    function _slashOwn(Node storage self, uint256 amount) private returns (uint256 taken, uint256 thawing) {
        uint256 bonded;
        (bonded, thawing) = _split(self.ownBonded, self.ownThawing.assets, amount);
        self.ownBonded -= uint96(bonded); // <= ownBonded
        self.ownThawing.slash(thawing);
        taken = bonded + thawing;
    }

    /// @dev Says who gets what a slash has taken. It pays out of the own part alone: whoever can be paid can be a friend of
    /// the operator, and the delegators are not. And of that it pays only what the locks of other consumers leave: the
    /// first loss must not walk out through a consumer of the operator's own before they slash.
    function _divide(Slashing memory result, address node, uint256 harm, uint256 compensation) private view {
        Node storage self = _nodes[node];
        uint256 others = self.locked - _authorisations[node][msg.sender].locked; // part of it
        uint256 before = result.own + self.ownBonded + self.ownThawing.assets;
        uint256 most = Math.min(result.own, Math.saturatingSub(before, others));
        result.harmed = Math.min(harm, most);
        result.rewarded = Math.min(compensation, most - result.harmed);
        result.burned = result.own + result.delegated - result.harmed - result.rewarded;
    }

    function _slashDelegated(Node storage self, uint256 amount) private returns (uint256 taken, uint256 thawing) {
        uint256 bonded;
        (bonded, thawing) = _split(self.delegated.assets, self.delegatedThawing.assets, amount);
        self.delegated.slash(bonded);
        self.delegatedThawing.slash(thawing);
        taken = bonded + thawing;
    }

    /// @dev What bonded and thawing stake lose of `amount`: the same part of each.
    /// @custom:rounds Thawing up, so that leaving early never pays.
    function _split(
        uint256 bonded,
        uint256 thawing,
        uint256 amount
    ) private pure returns (uint256 fromBonded, uint256 fromThawing) {
        uint256 total = bonded + thawing;
        if (total == 0) return (0, 0);
        uint256 taken = Math.min(amount, total);
        fromThawing = Math.mulDiv(taken, thawing, total, Math.Rounding.Ceil);
        fromBonded = taken - fromThawing;
    }

    function _reduceLock(address node, address consumer, StakeLock storage held, uint256 amount) private {
        // Each is part of the next: amount <= held.amount <= authorisation.locked <= node.locked < 2^96.
        held.amount -= uint96(amount);
        _authorisations[node][consumer].locked -= uint96(amount);
        _nodes[node].locked -= uint96(amount);
    }

    /// @dev To be called when a lock has changed, and the stake with it.
    function _noteLock(address node, address consumer, bytes32 obligation, StakeLock storage held) private {
        _refresh(_nodes[node]);
        emit LockChanged(node, consumer, obligation, held.amount, held.endsAt);
    }

    /// @dev Brings a node's standing in line with its books; to be called whenever stake or locks have changed.
    function _refresh(Node storage self) private {
        uint256 backing = _backing(self);
        uint40 grains = uint40(backing / STAKE_GRAIN); // < 2^40, as the supply is
        Standing memory standing = self.standing;
        if (grains != standing.stake) {
            self.stakes.retire(standing.since, standing.stake);
            standing.stake = grains;
            standing.since = uint48(block.timestamp);
        }
        standing.covered = self.locked <= backing;
        self.standing = standing;
    }

    function _backing(Node storage self) private view returns (uint256) {
        uint256 own = self.ownBonded;
        if (own < _parameters.leastOwnStake) return 0;
        return own + Math.min(self.delegated.assets, own * _parameters.delegationRatio);
    }

    function _requireBacked(address node, uint256 backing) private view {
        uint256 locked = _nodes[node].locked;
        if (locked > backing) revert StakingNotBacked(node, locked, backing);
    }

    function _known(address node) private view returns (Node storage self) {
        self = _nodes[node];
        if (self.owner == address(0)) revert StakingUnknownNode(node);
    }

    function _sharesOf(Node storage self, Delegation storage delegation) private view returns (uint256) {
        return self.delegated.sharesNow(delegation.shares, delegation.epoch);
    }

    function _thaw(address node, address holder, uint256 thawId) private view returns (Thaw storage found) {
        Thaw[] storage thaws = _thaws[node][holder];
        if (thawId >= thaws.length || thaws[thawId].endsAt == 0) revert StakingUnknownThaw(node, holder, thawId);
        return thaws[thawId];
    }

    function _worth(SharePool storage pool, Thaw storage thawing) private view returns (uint256) {
        return pool.toAssetsDown(pool.sharesNow(thawing.shares, thawing.epoch));
    }

    function _lock(address consumer, address node, bytes32 obligation) private view returns (StakeLock storage) {
        return _locks[LockId.wrap(keccak256(abi.encode(consumer, node, obligation)))];
    }

    function _commissionNow(Node storage self) private view returns (uint16) {
        uint48 nextAt = self.nextCommissionAt;
        return nextAt != 0 && block.timestamp >= nextAt ? self.nextCommissionBps : self.commissionBps;
    }

    function _checkedCommission(uint256 commissionBps) private pure returns (uint16) {
        if (commissionBps > COMMISSION_CAP_BPS) revert StakingCommissionTooHigh(commissionBps, COMMISSION_CAP_BPS);
        return uint16(commissionBps);
    }

    function _checkBounds(bytes32 parameter, uint256 given, uint256 least, uint256 most) private pure {
        if (given < least || given > most) revert StakingParameterOutOfBounds(parameter, given, least, most);
    }
}
