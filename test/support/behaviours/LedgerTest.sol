// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {PAYMENT_TAG, Payment} from "../../../contracts/types/MarketTypes.sol";
import {bound} from "../Fuzz.sol";
import {SuiteAdmin} from "../SuiteAdmin.sol";
import {VM} from "../Vm.sol";

/// @title What holds wherever balances are kept
abstract contract LedgerTest is SuiteAdmin {
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
        TOKEN.transfer(PAYER, FORTUNE);
    }

    /// @dev Nothing goes to nobody, on whichever way.
    function testFuzz_zeroAccount_isNobody(uint256 amount, bytes32 salt) external {
        amount = bound(amount, 0, FORTUNE);
        Payment memory payment = _payment(address(0), salt, amount);
        bytes memory refusal = abi.encodeWithSelector(ILedger.LedgerZeroAccount.selector);
        _refuse(PAYER, abi.encodeCall(ILedger.deposit, (address(0), amount)), refusal);
        _refuse(PAYER, abi.encodeCall(ILedger.depositWithAuthorization, (address(0), PAYER, salt, payment)), refusal);
        _deposit(amount);
        _refuse(PAYER, abi.encodeCall(ILedger.withdraw, (address(0), amount)), refusal);
    }

    /// @dev Out comes what went in, to whom the owner says, and not a unit more [I02 I05 I08].
    function testFuzz_withdraw_isWithinTheBalance(address to, uint256 amount, uint256 excess, uint256 part) external {
        VM.assume(to != address(0) && to != PAYER && to != _ledger());
        amount = bound(amount, 0, FORTUNE);
        _deposit(amount);
        uint256[2] memory bad = [amount + 1, bound(excess, amount + 1, type(uint256).max)];
        for (uint256 i; i < bad.length; ++i) {
            _refuse(PAYER, abi.encodeCall(ILedger.withdraw, (to, bad[i])), _insufficient(PAYER, amount, bad[i]));
        }
        part = bound(part, 0, amount);
        uint256 before = TOKEN.balanceOf(to);
        _accept(PAYER, _ledger(), abi.encodeCall(ILedger.withdraw, (to, part)));
        require(_balanceOf(PAYER) == amount - part, "balance");
        _accept(PAYER, _ledger(), abi.encodeCall(ILedger.withdraw, (to, amount - part)));
        require(TOKEN.balanceOf(to) == before + amount, "paid");
    }

    /// @dev Nobody withdraws what another has.
    function testFuzz_withdraw_isFromTheOwnAccount(address caller, address to, uint256 amount) external {
        VM.assume(caller != PAYER && to != address(0));
        amount = bound(amount, 1, FORTUNE);
        _deposit(FORTUNE);
        _refuse(caller, abi.encodeCall(ILedger.withdraw, (to, amount)), _insufficient(caller, 0, amount));
    }

    /// @dev A permit that somebody has sent before changes nothing: the allowance is there [T002].
    function testFuzz_depositWithPermit_standsASpentPermit(address account, uint256 amount, bool spent) external {
        VM.assume(account != address(0));
        amount = bound(amount, 1, FORTUNE);
        bytes32 message = keccak256(abi.encode(PERMIT, PAYER, _ledger(), amount, 0, NOW));
        (uint8 v, bytes32 r, bytes32 s) = _split(_sign(KEY, "OPG", address(TOKEN), message));
        if (spent) TOKEN.permit(PAYER, _ledger(), amount, NOW, v, r, s);

        bytes memory call = abi.encodeCall(ILedger.depositWithPermit, (account, amount, NOW, v, r, s));
        _accept(PAYER, _ledger(), call);
        require(_balanceOf(account) == amount, "balance");
        require(TOKEN.allowance(PAYER, _ledger()) == 0, "allowance");
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
        bytes memory call = abi.encodeCall(ILedger.depositWithAuthorization, (other, PAYER, salt, payment));
        _refuse(caller, call, abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector));

        call = abi.encodeCall(ILedger.depositWithAuthorization, (account, PAYER, salt, payment));
        _accept(caller, _ledger(), call);
        require(_balanceOf(account) == payment.value, "balance");
        bytes memory used = abi.encodeWithSelector(
            ERC3009.ERC3009UsedAuthorization.selector,
            PAYER,
            _nonce(account, salt)
        );
        _refuse(caller, call, used);
    }

    /// @dev The contract whose balances these are.
    function _ledger() internal view virtual returns (address);

    function _balanceOf(address account) internal view virtual returns (uint256);

    function _deposit(uint256 amount) private {
        VM.prank(PAYER);
        TOKEN.approve(_ledger(), amount);
        _accept(PAYER, _ledger(), abi.encodeCall(ILedger.deposit, (PAYER, amount)));
    }

    function _refuse(address caller, bytes memory call, bytes memory refusal) private {
        _refuse(caller, _ledger(), call, refusal);
    }

    function _payment(address account, bytes32 salt, uint256 value) private view returns (Payment memory) {
        bytes32 message = keccak256(
            abi.encode(RECEIVE, PAYER, _ledger(), value, NOW - 1, NOW + 1, _nonce(account, salt))
        );
        return Payment(value, NOW - 1, NOW + 1, _sign(KEY, "OPG", address(TOKEN), message));
    }

    function _nonce(address account, bytes32 salt) private view returns (bytes32) {
        bytes32 subject = keccak256(abi.encode(account, salt));
        return keccak256(abi.encode(PAYMENT_TAG, block.chainid, _ledger(), subject));
    }

    function _insufficient(address account, uint256 balance, uint256 amount) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerInsufficientBalance.selector, account, balance, amount);
    }

    function _split(bytes memory signature) private pure returns (uint8 v, bytes32 r, bytes32 s) {
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
            v := byte(0, mload(add(signature, 0x60)))
        }
    }
}
