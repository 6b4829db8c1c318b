// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

import {IMarketAccounts} from "../../contracts/interfaces/IMarketAccounts.sol";
import {JobRules} from "../../contracts/types/JobTypes.sol";
import {PAYMENT_TAG, Payment} from "../../contracts/types/MarketTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

/// @title Money that is in the market, but in no job
contract AccountsTest is SuiteAdmin {
    uint256 private constant KEY = 0xa11ce;
    uint256 private constant NOW = 1_000_000;
    bytes32 private constant PERMIT = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,"
        "uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    address private immutable PAYER = VM.addr(KEY);

    function setUp() external {
        VM.warp(NOW);
        _endow(PAYER);
    }

    /// @dev Nothing goes to nobody, on whichever way.
    function testFuzz_zeroAccount_isNobody(uint256 amount, bytes32 salt) external {
        amount = bound(amount, 0, FORTUNE);
        Payment memory payment = _payment(address(0), salt, amount);
        bytes memory refusal = abi.encodeWithSelector(IMarketAccounts.MarketZeroAccount.selector);
        _refuse(PAYER, abi.encodeCall(MARKET.deposit, (address(0), amount)), refusal);
        _refuse(PAYER, abi.encodeCall(MARKET.depositWithAuthorization, (address(0), PAYER, salt, payment)), refusal);
        _deposit(amount);
        _refuse(PAYER, abi.encodeCall(MARKET.withdraw, (address(0), amount)), refusal);
        _refuse(address(this), abi.encodeCall(MARKET.setTreasury, (address(0))), refusal);
    }

    /// @dev Out comes what went in, to whom the owner says, and not a unit more [I02 I08].
    function testFuzz_withdraw_isWithinTheBalance(address to, uint256 amount, uint256 excess, uint256 part) external {
        VM.assume(to != address(0) && to != PAYER && to != address(MARKET));
        amount = bound(amount, 0, FORTUNE);
        _deposit(amount);
        uint256[2] memory bad = [amount + 1, bound(excess, amount + 1, type(uint256).max)];
        for (uint256 i; i < bad.length; ++i) {
            _refuse(PAYER, abi.encodeCall(MARKET.withdraw, (to, bad[i])), _insufficient(PAYER, amount, bad[i]));
        }
        part = bound(part, 0, amount);
        uint256 before = TOKEN.balanceOf(to);
        _accept(PAYER, address(MARKET), abi.encodeCall(MARKET.withdraw, (to, part)));
        _accept(PAYER, address(MARKET), abi.encodeCall(MARKET.withdraw, (to, amount - part)));
        require(TOKEN.balanceOf(to) == before + amount, "paid");
    }

    /// @dev Nobody withdraws what another has.
    function testFuzz_withdraw_isFromTheOwnAccount(address caller, address to, uint256 amount) external {
        VM.assume(caller != PAYER && to != address(0));
        amount = bound(amount, 1, FORTUNE);
        _deposit(FORTUNE);
        _refuse(caller, abi.encodeCall(MARKET.withdraw, (to, amount)), _insufficient(caller, 0, amount));
    }

    /// @dev A permit that somebody has sent before changes nothing: the allowance is there [T002].
    function testFuzz_depositWithPermit_standsASpentPermit(address account, uint256 amount, bool spent) external {
        VM.assume(account != address(0));
        amount = bound(amount, 1, FORTUNE);
        VM.prank(PAYER);
        TOKEN.approve(address(MARKET), 0);
        bytes32 message = keccak256(abi.encode(PERMIT, PAYER, address(MARKET), amount, 0, NOW));
        (uint8 v, bytes32 r, bytes32 s) = _split(_sign(KEY, "OPG", address(TOKEN), message));
        if (spent) TOKEN.permit(PAYER, address(MARKET), amount, NOW, v, r, s);

        VM.prank(PAYER);
        MARKET.depositWithPermit(account, amount, NOW, v, r, s);
        _requireBalance(account, amount);
        require(TOKEN.allowance(PAYER, address(MARKET)) == 0, "allowance");
    }

    /// @dev Whoever sends an authorised payment, it reaches the account that it names, and no other [T003 T004].
    function testFuzz_depositWithAuthorization_isForItsAccount(
        address caller,
        address account,
        address other,
        bytes32 salt,
        uint256 amount
    ) external {
        VM.assume(account != address(0) && other != address(0) && other != account);
        Payment memory payment = _payment(account, salt, bound(amount, 0, FORTUNE));
        bytes memory call = abi.encodeCall(MARKET.depositWithAuthorization, (other, PAYER, salt, payment));
        _refuse(caller, call, abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector));

        call = abi.encodeCall(MARKET.depositWithAuthorization, (account, PAYER, salt, payment));
        _accept(caller, address(MARKET), call);
        _requireBalance(account, payment.value);
        bytes memory used = abi.encodeWithSelector(
            ERC3009.ERC3009UsedAuthorization.selector,
            PAYER,
            _nonce(account, salt)
        );
        _refuse(caller, call, used);
    }

    function testFuzz_governance_isTheAdminsAlone(address caller, address treasury, uint256 marginPeriod) external {
        VM.assume(caller != address(this));
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        _refuse(caller, abi.encodeCall(MARKET.setTreasury, (treasury)), refusal);
        (JobRules rules, ) = MARKET.governed();
        _refuse(caller, abi.encodeCall(MARKET.setRules, (rules, marginPeriod)), refusal);
    }

    function _deposit(uint256 amount) private {
        VM.prank(PAYER);
        MARKET.deposit(PAYER, amount);
    }

    function _refuse(address caller, bytes memory call, bytes memory refusal) private {
        _refuse(caller, address(MARKET), call, refusal);
    }

    function _requireBalance(address account, uint256 expected) private view {
        (uint256 balance, ) = MARKET.accountOf(account);
        require(balance == expected, "balance");
    }

    function _payment(address account, bytes32 salt, uint256 value) private view returns (Payment memory) {
        bytes32 message = keccak256(
            abi.encode(RECEIVE, PAYER, address(MARKET), value, NOW - 1, NOW + 1, _nonce(account, salt))
        );
        return Payment(value, NOW - 1, NOW + 1, _sign(KEY, "OPG", address(TOKEN), message));
    }

    function _nonce(address account, bytes32 salt) private view returns (bytes32) {
        bytes32 subject = keccak256(abi.encode(account, salt));
        return keccak256(abi.encode(PAYMENT_TAG, block.chainid, address(MARKET), subject));
    }

    function _insufficient(address account, uint256 available, uint256 needed) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IMarketAccounts.MarketInsufficientBalance.selector, account, available, needed);
    }

    function _split(bytes memory signature) private pure returns (uint8 v, bytes32 r, bytes32 s) {
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
            v := byte(0, mload(add(signature, 0x60)))
        }
    }
}
