// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Mandates} from "../../contracts/Mandates.sol";
import {IMandates} from "../../contracts/interfaces/IMandates.sol";
import {Wallet1271} from "../../contracts/test/Wallet1271.sol";
import {SignedOrder} from "../../contracts/types/MandateTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

/// @title What may be done with the balance of somebody else
/// @dev The test is the ledger whose balances these are.
contract MandatesTest is SuiteAdmin {
    bytes32 private constant SIGNED_ORDER = keccak256(
        "SignedOrder(address ledger,bytes32 order,uint256 mostCost,uint256 mostRepay,uint256 nonce,uint256 expiresAt)"
    );
    uint256 private constant KEY = 0xa11ce;
    uint256 private constant NOW = 1_000_000;
    bytes32 private constant ORDER = "order";

    address private immutable ACCOUNT = VM.addr(KEY);
    address private immutable WALLET = address(new Wallet1271(ACCOUNT));
    IMandates private immutable MANDATES;

    constructor() {
        MANDATES = MARKET.MANDATES();
    }

    function setUp() external {
        VM.warp(NOW);
    }

    /// @dev What is spent is gone from the cap, and no unit more can be; only the largest number is never lowered. [T159]
    function testFuzz_spend_staysWithinTheCap(address spender, uint256 cap, uint256 part, uint256 excess) external {
        VM.prank(ACCOUNT);
        MANDATES.allow(address(this), spender, cap);
        part = bound(part, 0, cap);
        MANDATES.spend(ACCOUNT, spender, part);
        uint256 left = cap == type(uint256).max ? cap : cap - part;
        require(MANDATES.capOf(address(this), ACCOUNT, spender) == left, "cap");
        if (left == type(uint256).max) return;
        excess = bound(excess, left + 1, type(uint256).max);
        bytes4 selector = IMandates.MandateCapTooLow.selector;
        bytes memory refusal = abi.encodeWithSelector(selector, this, ACCOUNT, spender, left, excess);
        _refuse(address(this), address(MANDATES), abi.encodeCall(MANDATES.spend, (ACCOUNT, spender, excess)), refusal);
    }

    /// @dev A cap is of one ledger, of one account, for one spender. [T159]
    function testFuzz_spend_isOfItsOwnCap(address ledger, address account, address spender, uint256 amount) external {
        VM.assume(ledger != address(this) && account != ACCOUNT && spender != address(1));
        amount = bound(amount, 1, type(uint256).max);
        VM.prank(ACCOUNT);
        MANDATES.allow(address(this), address(1), type(uint256).max);
        _refuseSpend(ledger, ACCOUNT, address(1), amount);
        _refuseSpend(address(this), account, address(1), amount);
        _refuseSpend(address(this), ACCOUNT, spender, amount);
    }

    /// @dev An order costs and repays at most what was signed, before its end, whoever would bring it. [T160]
    function testFuzz_useOrder_staysWithinWhatWasSigned(SignedOrder memory signed, uint256 any, uint256 late) external {
        _limit(signed);
        signed.signature = _signatureOf(address(this), ORDER, signed);
        uint256 cost = bound(any, signed.mostCost + 1, type(uint256).max);
        bytes4 selector = IMandates.MandateCostTooHigh.selector;
        _refuseOrder(ORDER, cost, 0, signed, abi.encodeWithSelector(selector, ACCOUNT, cost, signed.mostCost));
        uint256 repay = bound(any, signed.mostRepay + 1, type(uint256).max);
        selector = IMandates.MandateRepayTooHigh.selector;
        _refuseOrder(ORDER, 0, repay, signed, abi.encodeWithSelector(selector, ACCOUNT, repay, signed.mostRepay));
        VM.warp(bound(late, signed.expiresAt, type(uint256).max));
        selector = IMandates.MandateExpired.selector;
        _refuseOrder(ORDER, 0, 0, signed, abi.encodeWithSelector(selector, ACCOUNT, signed.expiresAt));
        VM.warp(bound(late, NOW, signed.expiresAt - 1));
        MANDATES.useOrder(ACCOUNT, ORDER, signed.mostCost, signed.mostRepay, signed);
    }

    /// @dev A nonce is for one order in one ledger, and a cancelled one for none. [T160]
    function testFuzz_useOrder_takesANonceOnce(SignedOrder memory signed, bytes32 other, bool cancelled) external {
        _limit(signed);
        signed.signature = _signatureOf(address(this), ORDER, signed);
        require(!MANDATES.isNonceUsed(ACCOUNT, signed.nonce), "unused");
        if (cancelled) {
            VM.prank(ACCOUNT);
            MANDATES.cancelNonce(signed.nonce);
        } else {
            MANDATES.useOrder(ACCOUNT, ORDER, 0, 0, signed);
        }
        require(MANDATES.isNonceUsed(ACCOUNT, signed.nonce), "used");
        bytes4 selector = IMandates.MandateNonceUsed.selector;
        bytes memory refusal = abi.encodeWithSelector(selector, ACCOUNT, signed.nonce);
        _refuseOrder(ORDER, 0, 0, signed, refusal);
        signed.signature = _signatureOf(address(this), other, signed);
        _refuseOrder(other, 0, 0, signed, refusal);
        bytes memory again = abi.encodeCall(MANDATES.cancelNonce, (signed.nonce));
        _refuse(ACCOUNT, address(MANDATES), again, refusal);
    }

    /// @dev A signature is of one ledger, one order and its bounds, by the account itself. [T160]
    function testFuzz_useOrder_isOfWhatWasSigned(
        SignedOrder memory signed,
        address ledger,
        bytes32 other,
        uint256 key
    ) external {
        VM.assume(ledger != address(this) && other != ORDER);
        _limit(signed);
        key = bound(key, 1, type(uint128).max);
        signed.signature = _signatureOf(ledger, ORDER, signed);
        _refuseSignature(signed);
        signed.signature = _signatureOf(address(this), other, signed);
        _refuseSignature(signed);
        if (key == KEY) return;
        signed.signature = _signatureBy(key, address(this), ORDER, signed);
        _refuseSignature(signed);
    }

    /// @dev A contract wallet answers for the signature of its owner, and for no other.
    function testFuzz_useOrder_asksAContractWallet(SignedOrder memory signed, uint256 key) external {
        _limit(signed);
        key = bound(key, 1, type(uint128).max);
        signed.signature = _signatureBy(key, address(this), ORDER, signed);
        bytes memory call = abi.encodeCall(MANDATES.useOrder, (WALLET, ORDER, 0, 0, signed));
        bytes32 digest = MANDATES.digestOf(address(this), ORDER, signed);
        bytes4 selector = IMandates.MandateInvalidSignature.selector;
        if (key != KEY) {
            _refuse(address(this), address(MANDATES), call, abi.encodeWithSelector(selector, WALLET, digest));
        }
        signed.signature = _signatureOf(address(this), ORDER, signed);
        MANDATES.useOrder(WALLET, ORDER, 0, 0, signed);
        require(MANDATES.isNonceUsed(WALLET, signed.nonce), "used");
    }

    /// @dev Leaves room below, above and before what is signed.
    function _limit(SignedOrder memory signed) private pure {
        signed.mostCost = bound(signed.mostCost, 0, type(uint256).max - 1);
        signed.mostRepay = bound(signed.mostRepay, 0, type(uint256).max - 1);
        signed.expiresAt = bound(signed.expiresAt, NOW + 1, type(uint256).max);
    }

    function _refuseSpend(address ledger, address account, address spender, uint256 amount) private {
        bytes4 selector = IMandates.MandateCapTooLow.selector;
        bytes memory refusal = abi.encodeWithSelector(selector, ledger, account, spender, 0, amount);
        _refuse(ledger, address(MANDATES), abi.encodeCall(MANDATES.spend, (account, spender, amount)), refusal);
    }

    function _refuseSignature(SignedOrder memory signed) private {
        bytes32 digest = MANDATES.digestOf(address(this), ORDER, signed);
        bytes4 selector = IMandates.MandateInvalidSignature.selector;
        _refuseOrder(ORDER, 0, 0, signed, abi.encodeWithSelector(selector, ACCOUNT, digest));
    }

    function _refuseOrder(
        bytes32 order,
        uint256 cost,
        uint256 repay,
        SignedOrder memory signed,
        bytes memory refusal
    ) private {
        bytes memory call = abi.encodeCall(MANDATES.useOrder, (ACCOUNT, order, cost, repay, signed));
        _refuse(address(this), address(MANDATES), call, refusal);
    }

    function _signatureOf(
        address ledger,
        bytes32 order,
        SignedOrder memory signed
    ) private view returns (bytes memory) {
        return _signatureBy(KEY, ledger, order, signed);
    }

    function _signatureBy(
        uint256 key,
        address ledger,
        bytes32 order,
        SignedOrder memory signed
    ) private view returns (bytes memory) {
        bytes32 message = keccak256(
            abi.encode(SIGNED_ORDER, ledger, order, signed.mostCost, signed.mostRepay, signed.nonce, signed.expiresAt)
        );
        return _sign(key, "OPG Mandates", address(MANDATES), message);
    }
}
