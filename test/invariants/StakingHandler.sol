// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {INodeStaking} from "../../contracts/interfaces/INodeStaking.sol";
import {SharePool, Slashing, StakeLock, StakingParameters} from "../../contracts/types/StakingTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";
import {StakingCast} from "./StakingCast.sol";

/// @dev What everybody may do at random, honest or not, with what must hold right after it.
abstract contract StakingHandler is StakingCast {
    struct Stake {
        uint256 own;
        uint256 ownThawing;
        uint256 delegated;
        uint256 delegatedThawing;
        uint256 locked;
    }

    /// @dev What a consumer asks of a slash.
    struct Demand {
        address consumer;
        address node;
        bytes32 obligation;
        uint256 requested;
        uint256 harm;
        uint256 compensation;
    }

    struct Moment {
        uint256 time;
        uint256 stake;
    }

    uint256 private constant LONGEST_LOCK = 90 days;

    /// @dev OPG that somebody sent to staking without being asked.
    uint256 public gift;
    uint256 public burned;
    mapping(address node => mapping(address holder => uint256)) public thawCount;
    /// @dev When a node's locks were last backed, and how much of what was locked then still is.
    mapping(address node => uint256) public coveredAt;
    mapping(address node => uint256) public lockedThen;
    mapping(address node => Moment[]) public moments;
    address private _slashed;

    /// @dev A share never gets cheaper but by a slash of its node [I11].
    modifier watched() {
        SharePool[3][NODES] memory before = _pools();
        _slashed = address(0);
        _;
        SharePool[3][NODES] memory afterwards = _pools();
        for (uint256 n; n < NODES; ++n) {
            for (uint256 p; p < 3 && nodes[n] != _slashed; ++p) _requireNotCheaper(before[n][p], afterwards[n][p]);
            _note(nodes[n]);
        }
    }

    function stake(uint256 who, uint256 n, uint256 amount) external watched {
        amount = bound(amount, 1, 3_000e18);
        _must(_holder(who), abi.encodeCall(INodeStaking.stake, (_node(n), amount)));
    }

    function thaw(uint256 n, uint256 amount) external watched {
        address node = _node(n);
        (uint256 bonded, ) = STAKING.ownStakeOf(node);
        if (bonded == 0) return;
        amount = _part(amount, bonded);
        (bool done, bytes memory given) = _try(node, abi.encodeCall(INodeStaking.thaw, (node, amount)));
        if (!done) return;
        _requireBegun(node, address(0), abi.decode(given, (uint256)), amount);
        require(STAKING.lockedOf(node) <= STAKING.backingOf(node), "own stake left what is locked");
    }

    function cancelThaw(uint256 n, uint256 which) external watched {
        address node = _node(n);
        (bool found, uint256 id) = _findThaw(node, address(0), which);
        if (!found) return;
        (, uint256 worth) = STAKING.thawOf(node, address(0), id);
        uint256 own = _stakeOf(node).own;
        _must(node, abi.encodeCall(INodeStaking.cancelThaw, (node, id)));
        require(_stakeOf(node).own == own + worth, "rebonded");
    }

    /// @dev Own stake is the first loss: it does not leave where the rest of it carries less than is locked [T023].
    function withdraw(uint256 n, uint256 which) external watched {
        address node = _node(n);
        (bool found, uint256 id) = _findThaw(node, address(0), which);
        if (!found) return;
        (uint256 endsAt, uint256 worth) = STAKING.thawOf(node, address(0), id);
        bytes memory data = abi.encodeCall(INodeStaking.withdraw, (node, id));
        Stake memory held = _stakeOf(node);
        bool carried = held.locked <= held.own * (1 + STAKING.parameters().delegationRatio);
        if (block.timestamp < endsAt) _mustNot(node, data, INodeStaking.StakingStillThawing.selector);
        else if (!carried) _mustNot(node, data, INodeStaking.StakingNotBacked.selector);
        else _mustPay(node, data, worth);
    }

    function delegate(uint256 who, uint256 n, uint256 amount) external watched {
        address holder = _holder(who);
        address node = _node(n);
        amount = bound(amount, 1e16, 2_000e18);
        (, uint256 before) = STAKING.delegationOf(node, holder);
        (bool done, ) = _try(holder, abi.encodeCall(INodeStaking.delegate, (node, amount, 0)));
        if (!done) return;
        (, uint256 worth) = STAKING.delegationOf(node, holder);
        require(worth <= before + amount + 1, "joining paid");
    }

    /// @dev No lock, no owner and no other delegator holds one that wants to go [I08].
    function undelegate(uint256 who, uint256 n, uint256 part) external watched {
        address holder = _holder(who);
        address node = _node(n);
        (uint256 shares, ) = STAKING.delegationOf(node, holder);
        if (shares == 0) return;
        uint256 bonded = _stakeOf(node).delegated;
        bytes memory data = abi.encodeCall(INodeStaking.undelegate, (node, _part(part, shares), 0));
        uint256 id = abi.decode(_must(holder, data), (uint256));
        _requireBegun(node, holder, id, bonded - _stakeOf(node).delegated);
    }

    function cancelUndelegate(uint256 who, uint256 n, uint256 which) external watched {
        address holder = _holder(who);
        (bool found, uint256 id) = _findThaw(_node(n), holder, which);
        if (found) _try(holder, abi.encodeCall(INodeStaking.cancelUndelegate, (_node(n), id, 0)));
    }

    function withdrawDelegation(uint256 who, uint256 n, uint256 which) external watched {
        address holder = _holder(who);
        (bool found, uint256 id) = _findThaw(_node(n), holder, which);
        if (!found) return;
        (uint256 endsAt, uint256 worth) = STAKING.thawOf(_node(n), holder, id);
        bytes memory data = abi.encodeCall(INodeStaking.withdrawDelegation, (_node(n), id));
        if (block.timestamp < endsAt) _mustNot(holder, data, INodeStaking.StakingStillThawing.selector);
        else _mustPay(holder, data, worth);
    }

    function authorise(uint256 c, uint256 n, uint256 cap) external watched {
        _must(_node(n), abi.encodeCall(INodeStaking.authorise, (_node(n), _consumer(c), bound(cap, 0, 1e23))));
    }

    function lock(uint256 c, uint256 n, uint256 o, uint256 amount, uint256 period) external watched {
        _lock(_consumer(c), _node(n), _obligation(o), _part(amount, 5_000e18), _part(period, LONGEST_LOCK));
    }

    function unlock(uint256 c, uint256 n, uint256 o, uint256 amount) external watched {
        uint256 part = bound(amount, 0, 5_000e18);
        _must(_consumer(c), abi.encodeCall(INodeStaking.unlock, (_node(n), _obligation(o), part)));
    }

    /// @dev A dead consumer holds nothing beyond a lock's end [I16].
    function release(uint256 c, uint256 n, uint256 o) external watched {
        uint256 endsAt = STAKING.lockOf(_node(n), _consumer(c), _obligation(o)).endsAt;
        bytes memory data = abi.encodeCall(INodeStaking.release, (_node(n), _consumer(c), _obligation(o)));
        if (block.timestamp < endsAt) _mustNot(address(this), data, INodeStaking.StakingLockRunning.selector);
        else _must(address(this), data);
    }

    function slash(uint256 c, uint256 n, uint256 o, uint256 amount, uint256 harm, uint256 prize) external watched {
        Demand memory demand = Demand(_consumer(c), _node(n), _obligation(o), _part(amount, 5_000e18), 0, 0);
        (demand.harm, demand.compensation) = (harm % 5_000e18, prize % 5_000e18);
        _slash(demand);
    }

    /// @dev A hostile consumer locks all that it can, and at once takes of it all but a sliver, for itself.
    function rob(uint256 c, uint256 n, uint256 o, uint256 sliver) external watched {
        Demand memory demand = Demand(_consumer(c), _node(n), _obligation(o), 0, type(uint256).max, 0);
        _must(demand.node, abi.encodeCall(INodeStaking.authorise, (demand.node, demand.consumer, 1e23)));
        (uint256 backing, uint256 locked) = (STAKING.backingOf(demand.node), STAKING.lockedOf(demand.node));
        if (locked >= backing) return;
        uint256 amount = STAKING.lockOf(demand.node, demand.consumer, demand.obligation).amount + backing - locked;
        _lock(demand.consumer, demand.node, demand.obligation, amount, THAW_PERIOD);
        demand.requested = amount - Math.min(amount - 1, sliver % 1e14);
        _slash(demand);
    }

    function reward(uint256 n, uint256 amount) external watched {
        _must(_holder(0), abi.encodeCall(INodeStaking.reward, (_node(n), bound(amount, 0, 100e18))));
    }

    function withdrawEarnings(uint256 n) external watched {
        uint256 earnings = STAKING.earningsOf(_node(n));
        _mustPay(_node(n), abi.encodeCall(INodeStaking.withdrawEarnings, (_node(n))), earnings);
    }

    /// @dev Other numbers hold for a node from its next change on; anybody can bring one about.
    function setParameters(uint256 leastOwnStake, uint256 leastDelegation, uint256 ratio) external watched {
        StakingParameters memory next = StakingParameters({
            leastOwnStake: uint96(bound(leastOwnStake, 1e18, 100e18)),
            leastDelegation: uint96(bound(leastDelegation, 1e16, 1e18)),
            delegationRatio: uint8(bound(ratio, 0, 4)),
            signerRotationPeriod: 2,
            commissionNoticePeriod: THAW_PERIOD
        });
        _must(address(this), abi.encodeCall(INodeStaking.setParameters, (next)));
        for (uint256 n; n < NODES; ++n) _must(address(this), abi.encodeCall(INodeStaking.unlock, (nodes[n], 0, 0)));
    }

    function donate(uint256 amount) external watched {
        amount = bound(amount, 1, 1_000e18);
        gift += amount;
        TOKEN.transfer(address(STAKING), amount);
    }

    /// @dev A moment, up to three thaws, or up to the longest lock.
    function pass(uint256 period) external watched {
        uint256 scale = [uint256(3), 3 * THAW_PERIOD, LONGEST_LOCK][period % 3];
        VM.warp(block.timestamp + 1 + ((period >> 8) % scale));
    }

    function momentCount(address node) external view returns (uint256) {
        return moments[node].length;
    }

    function _lock(address consumer, address node, bytes32 obligation, uint256 amount, uint256 period) private {
        StakeLock memory held = STAKING.lockOf(node, consumer, obligation);
        uint256 endsAt = Math.max(held.endsAt, block.timestamp + period);
        (bool done, ) = _try(consumer, abi.encodeCall(INodeStaking.lock, (node, obligation, amount, endsAt)));
        if (!done || (amount <= held.amount && endsAt == held.endsAt)) return;
        require(
            STAKING.authorisationOf(node, consumer).locked <= STAKING.authorisationOf(node, consumer).cap,
            "over the cap"
        );
        require(STAKING.lockedOf(node) <= STAKING.backingOf(node), "not backed");
    }

    /// @dev Never reverts; takes what is due, own stake first, and accounts for each base unit [I12 I15 I20].
    function _slash(Demand memory d) private {
        _slashed = d.node;
        StakeLock memory held = STAKING.lockOf(d.node, d.consumer, d.obligation);
        uint256 due = block.timestamp < held.endsAt ? Math.min(d.requested, held.amount) : 0;
        Stake memory before = _stakeOf(d.node);
        uint256 balance = TOKEN.balanceOf(d.consumer);
        bytes memory data = abi.encodeCall(
            INodeStaking.slash,
            (d.node, d.obligation, d.requested, d.harm, d.compensation)
        );
        Slashing memory taken = abi.decode(_must(d.consumer, data), (Slashing));
        burned += taken.burned;

        require(held.amount - STAKING.lockOf(d.node, d.consumer, d.obligation).amount == due, "the lock");
        _requireOwnFirst(before, _stakeOf(d.node), due, taken);
        _requirePaid(d, before, taken, TOKEN.balanceOf(d.consumer) - balance);
    }

    /// @dev Pays out of own stake alone, and leaves what the locks of others need of it unpaid.
    function _requirePaid(Demand memory d, Stake memory before, Slashing memory taken, uint256 paid) private view {
        uint256 total = taken.own + taken.delegated;
        uint256 others = STAKING.lockedOf(d.node) - STAKING.authorisationOf(d.node, d.consumer).locked;
        uint256 own = before.own + before.ownThawing;
        uint256 most = Math.min(taken.own, Math.saturatingSub(own, others));
        require(taken.harmed == Math.min(d.harm, most), "harm");
        require(taken.rewarded == Math.min(d.compensation, most - taken.harmed), "prize");
        require(paid == taken.harmed + taken.rewarded, "paid");
        require(taken.burned == total - paid, "burned");
    }

    function _requireOwnFirst(
        Stake memory before,
        Stake memory afterwards,
        uint256 due,
        Slashing memory taken
    ) private pure {
        require(before.locked - afterwards.locked == due, "what is locked");
        require(taken.own == Math.min(due, before.own + before.ownThawing), "own first");
        uint256 rest = due - taken.own;
        require(taken.delegated == Math.min(rest, before.delegated + before.delegatedThawing), "then delegated");
        _requireAlike(before.own, before.ownThawing, afterwards.own, afterwards.ownThawing, taken.own);
        _requireAlike(
            before.delegated,
            before.delegatedThawing,
            afterwards.delegated,
            afterwards.delegatedThawing,
            taken.delegated
        );
    }

    /// @dev Bonded and thawing lose the same part, the odd unit out of what thaws [T024].
    function _requireAlike(
        uint256 bonded,
        uint256 thawing,
        uint256 bondedAfter,
        uint256 thawingAfter,
        uint256 taken
    ) private pure {
        require(bonded + thawing - bondedAfter - thawingAfter == taken, "the sum");
        if (taken == 0) return;
        uint256 fair = Math.mulDiv(taken, thawing, bonded + thawing, Math.Rounding.Ceil);
        require(thawing - thawingAfter == fair, "alike");
    }

    function _requireBegun(address node, address holder, uint256 id, uint256 amount) private {
        require(id == thawCount[node][holder]++, "id");
        (uint256 endsAt, uint256 worth) = STAKING.thawOf(node, holder, id);
        require(endsAt == block.timestamp + THAW_PERIOD, "end");
        require(worth <= amount && amount - worth <= 1, "worth");
    }

    function _mustPay(address who, bytes memory data, uint256 amount) private {
        uint256 before = TOKEN.balanceOf(who);
        require(abi.decode(_must(who, data), (uint256)) == amount, "amount");
        require(TOKEN.balanceOf(who) == before + amount, "paid");
    }

    function _note(address node) private {
        uint256 locked = STAKING.lockedOf(node);
        (, uint256 stakeNow, bool covered) = STAKING.standingOf(node, block.timestamp);
        if (covered) (coveredAt[node], lockedThen[node]) = (block.timestamp, locked);
        else lockedThen[node] = Math.min(lockedThen[node], locked);
        Moment[] storage past = moments[node];
        if (past.length == 0 || past[past.length - 1].time != block.timestamp) past.push(Moment(block.timestamp, 0));
        past[past.length - 1].stake = stakeNow;
    }

    function _pools() private view returns (SharePool[3][NODES] memory pools) {
        for (uint256 n; n < NODES; ++n) {
            (, pools[n][0]) = STAKING.ownStakeOf(nodes[n]);
            (pools[n][1], pools[n][2]) = STAKING.delegatedStakeOf(nodes[n]);
        }
    }

    function _requireNotCheaper(SharePool memory before, SharePool memory afterwards) private pure {
        require(before.epoch == afterwards.epoch, "counted anew without a slash");
        uint256 then = (uint256(before.assets) + 1) * (uint256(afterwards.shares) + 1_000);
        require((uint256(afterwards.assets) + 1) * (uint256(before.shares) + 1_000) >= then, "cheaper");
    }

    function _stakeOf(address node) private view returns (Stake memory held) {
        SharePool memory ownThawing;
        (held.own, ownThawing) = STAKING.ownStakeOf(node);
        (SharePool memory delegated, SharePool memory thawing) = STAKING.delegatedStakeOf(node);
        (held.ownThawing, held.delegated, held.delegatedThawing) = (
            ownThawing.assets,
            delegated.assets,
            thawing.assets
        );
        held.locked = STAKING.lockedOf(node);
    }

    /// @dev A thaw that has not been ended yet, looking from `which` on.
    function _findThaw(address node, address holder, uint256 which) private view returns (bool, uint256) {
        uint256 count = thawCount[node][holder];
        for (uint256 i; i < count; ++i) {
            uint256 id = ((which % count) + i) % count;
            (uint256 endsAt, ) = STAKING.thawOf(node, holder, id);
            if (endsAt != 0) return (true, id);
        }
        return (false, 0);
    }

    /// @dev 1 to `most`, of all sizes: often everything, often little.
    function _part(uint256 random, uint256 most) private pure returns (uint256) {
        uint256 size = most / (10 ** ((random >> 248) % 24));
        return random % 4 == 0 || size == 0 ? most : bound(random, 1, size);
    }

    function _node(uint256 n) private view returns (address) {
        return nodes[n % NODES];
    }

    function _holder(uint256 who) private view returns (address) {
        return holders[who % HOLDERS];
    }

    function _consumer(uint256 c) private view returns (address) {
        return consumers[c % CONSUMERS];
    }

    function _obligation(uint256 o) private pure returns (bytes32) {
        return bytes32(1 + (o % OBLIGATIONS));
    }
}
