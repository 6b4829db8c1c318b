// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {OPGToken} from "../../contracts/OPGToken.sol";
import {ITestnetFaucet} from "../../contracts/interfaces/ITestnetFaucet.sol";
import {TestnetFaucet} from "../../contracts/testnet/TestnetFaucet.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract TestnetFaucetTest {
    uint256 private constant DRIP = 10e18;
    uint256 private constant CAP = 30e18;
    uint256 private constant NOW = 1_000_000_000;

    OPGToken private immutable TOKEN = new OPGToken(address(this));
    TestnetFaucet private _faucet;

    function setUp() external {
        VM.warp(NOW);
        _faucet = new TestnetFaucet(IERC20(address(TOKEN)), DRIP, CAP);
        TOKEN.transfer(address(_faucet), 1e24);
    }

    /// @dev Whoever asks and when: a day between two parts of an account, and three parts in a day of all.
    function testFuzz_drip_isBounded(uint256[8] calldata waits, uint8[8] calldata accounts) external {
        uint256[3] memory nextAt;
        uint256 today;
        uint256 given;
        for (uint256 i; i < waits.length; ++i) {
            VM.warp(block.timestamp + bound(waits[i], 0, 30 hours));
            if (block.timestamp / 1 days != today) (today, given) = (block.timestamp / 1 days, 0);
            uint256 who = accounts[i] % 3;
            address account = address(uint160(0xa1 + who));
            if (block.timestamp < nextAt[who]) {
                VM.expectRevert(abi.encodeWithSelector(ITestnetFaucet.FaucetTooSoon.selector, account, nextAt[who]));
                _faucet.drip(account);
                continue;
            }
            uint256 before = TOKEN.balanceOf(account);
            _faucet.drip(account);
            require(TOKEN.balanceOf(account) == before + DRIP, "drip");
            given += DRIP;
            nextAt[who] = block.timestamp + 1 days;
            require(_faucet.nextAt(account) == nextAt[who], "next");
        }
        require(given <= CAP, "cap");
    }

    function testFuzz_drip_stopsAtTheDaysAmount(uint256 time) external {
        uint256 day = NOW / 1 days + 1;
        VM.warp(day * 1 days + bound(time, 0, 1 days - 1));
        for (uint160 i; i < 3; ++i) _faucet.drip(address(0xa1 + i));
        VM.expectRevert(abi.encodeWithSelector(ITestnetFaucet.FaucetDry.selector, (day + 1) * 1 days));
        _faucet.drip(address(0xa4));
        VM.warp((day + 1) * 1 days);
        _faucet.drip(address(0xa4));
        require(address(_faucet.TOKEN()) == address(TOKEN) && _faucet.DRIP() == DRIP, "token");
        require(_faucet.DAILY_CAP() == CAP, "cap");
    }
}
