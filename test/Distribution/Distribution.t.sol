// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {AllocationWallet} from "../../contracts/AllocationWallet.sol";
import {Distribution} from "../../contracts/Distribution.sol";
import {OPGToken} from "../../contracts/OPGToken.sol";
import {IDistribution} from "../../contracts/interfaces/IDistribution.sol";
import {ControlLib} from "../../contracts/libraries/ControlLib.sol";
import {Allocation, Share} from "../../contracts/types/ControlTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract DistributionTest {
    uint256 private constant SUPPLY = 1e27;
    uint256 private constant YEARS_10 = 3_650 days;
    uint256 private constant NOW = 1_000_000_000;
    address private constant FIRST = address(0xa1);
    address private constant REST = address(0xe5);

    function setUp() external {
        VM.warp(NOW);
    }

    /// @dev Whatever the parts are, all of the supply is paid, and nothing stays [T120].
    function testFuzz_distribute_paysAll(
        uint256[5] calldata amounts,
        uint64[5] calldata periods,
        uint64 cliff
    ) external {
        Allocation[] memory allocations = new Allocation[](5);
        uint256 left = SUPPLY;
        for (uint256 i; i < 5; ++i) {
            uint256 amount = bound(amounts[i], 1, left - (4 - i));
            uint64 vesting = uint64(bound(periods[i], 0, YEARS_10));
            uint64 startsAt = vesting == 0 || i == 0 ? 0 : uint64(NOW + i);
            allocations[i] = Allocation(_accountOf(i), amount, startsAt, uint64(bound(cliff, 0, vesting)), vesting);
            left -= amount;
        }
        Distribution distribution = new Distribution(allocations, REST);
        OPGToken token = new OPGToken(address(distribution));
        require(distribution.ALLOCATED() == SUPPLY - left && distribution.REST() == REST, "parts");
        distribution.distribute(IERC20(address(token)));

        require(token.balanceOf(address(distribution)) == 0 && token.balanceOf(REST) == left, "rest");
        Share[] memory shares = distribution.shares();
        for (uint256 i; i < 5; ++i) {
            require(token.balanceOf(shares[i].payee) == allocations[i].amount, "amount");
            if (allocations[i].vestingPeriod == 0) require(shares[i].payee == _accountOf(i), "account");
            else _checkWallet(AllocationWallet(payable(shares[i].payee)), allocations[i], token);
        }
        VM.expectRevert(abi.encodeWithSelector(IDistribution.DistributionDone.selector, token));
        distribution.distribute(IERC20(address(token)));
    }

    function testFuzz_distribute_needsAllOfTheParts(uint256 lacking) external {
        Allocation[] memory allocations = new Allocation[](1);
        allocations[0] = Allocation(FIRST, 1e18, 0, 0, 0);
        Distribution distribution = new Distribution(allocations, REST);
        OPGToken token = new OPGToken(address(this));
        uint256 given = bound(lacking, 0, 1e18 - 1);
        token.transfer(address(distribution), given);
        VM.expectRevert(abi.encodeWithSelector(IDistribution.DistributionTooSmall.selector, token, given, 1e18));
        distribution.distribute(IERC20(address(token)));
        token.transfer(address(distribution), 1e18 - given);
        distribution.distribute(IERC20(address(token)));
        require(token.balanceOf(FIRST) == 1e18, "paid");
    }

    function testFuzz_constructor_namesWhoIsNobody(uint256 which) external {
        Allocation[] memory allocations = new Allocation[](3);
        for (uint256 i; i < 3; ++i) allocations[i] = Allocation(_accountOf(i), 1, 0, 0, 0);
        which = bound(which, 0, 3);
        if (which < 3) allocations[which].account = address(0);
        VM.expectRevert(abi.encodeWithSelector(IDistribution.DistributionZeroAccount.selector, which));
        new Distribution(allocations, which == 3 ? address(0) : REST);
    }

    function testFuzz_constructor_boundsEachPart(uint256 which, uint256 any) external {
        Allocation memory bad = Allocation(FIRST, 1, 0, 0, 0);
        which = which % 6;
        if (which == 0) bad.amount = 0;
        if (which == 1) bad.amount = bound(any, SUPPLY + 1, type(uint256).max);
        if (which == 2) bad.startsAt = uint64(bound(any, 1, type(uint64).max));
        if (which == 3) bad.cliffPeriod = uint64(bound(any, 1, type(uint64).max));
        if (which == 4) bad.vestingPeriod = uint64(bound(any, YEARS_10 + 1, type(uint64).max));
        if (which == 5)
            (bad.vestingPeriod, bad.startsAt) = (1, uint64(bound(any, NOW + YEARS_10 + 1, type(uint64).max)));
        if (which < 2) _expectOutOfBounds("amount", bad.amount, 1, SUPPLY);
        if (which == 2) _expectOutOfBounds("startsAt", bad.startsAt, 0, 0);
        if (which == 3) _expectOutOfBounds("cliffPeriod", bad.cliffPeriod, 0, 0);
        if (which == 4) _expectOutOfBounds("vestingPeriod", bad.vestingPeriod, 0, YEARS_10);
        if (which == 5) _expectOutOfBounds("startsAt", bad.startsAt, 0, NOW + YEARS_10);
        Allocation[] memory allocations = new Allocation[](1);
        allocations[0] = bad;
        new Distribution(allocations, REST);
    }

    function test_constructor_boundsTheirNumber() external {
        _expectOutOfBounds("allocations", 33, 0, 32);
        new Distribution(new Allocation[](33), REST);
    }

    function _checkWallet(AllocationWallet wallet, Allocation memory part, OPGToken token) private {
        uint256 start = part.startsAt == 0 ? NOW : part.startsAt;
        require(wallet.owner() == part.account && wallet.start() == start, "owner");
        require(wallet.cliff() == start + part.cliffPeriod && wallet.duration() == part.vestingPeriod, "periods");
        VM.warp(start + part.vestingPeriod);
        wallet.release(address(token));
        require(token.balanceOf(part.account) == part.amount, "released");
        VM.warp(NOW);
    }

    function _expectOutOfBounds(bytes32 parameter, uint256 given, uint256 least, uint256 most) private {
        VM.expectRevert(abi.encodeWithSelector(ControlLib.ControlOutOfBounds.selector, parameter, given, least, most));
    }

    function _accountOf(uint256 i) private pure returns (address) {
        return address(uint160(FIRST) + uint160(i));
    }
}
