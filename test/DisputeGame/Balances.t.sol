// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {Game, Statement} from "../../contracts/types/DisputeTypes.sol";
import {PAYMENT_TAG, Payment} from "../../contracts/types/MarketTypes.sol";
import {DisputeStage} from "../support/DisputeStage.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @title Money that waits for a dispute, and what a lost one leaves
contract BalancesTest is DisputeStage {
    uint256 private constant KEY = 0xa11ce;
    bytes32 private constant PERMIT = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,"
        "uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    address private immutable PAYER = VM.addr(KEY);

    function setUp() external {
        TOKEN.transfer(PAYER, FORTUNE);
    }

    /// @dev Nothing goes to nobody, on whichever way.
    function testFuzz_zeroAccount_isNobody(uint256 amount, bytes32 salt) external {
        amount = bound(amount, 0, FORTUNE);
        Payment memory payment = _payment(address(0), salt, amount);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeZeroAccount.selector);
        _refuse(PAYER, abi.encodeCall(DISPUTES.deposit, (address(0), amount)), refusal);
        _refuse(PAYER, abi.encodeCall(DISPUTES.depositWithAuthorization, (address(0), PAYER, salt, payment)), refusal);
        _refuse(CHALLENGER, abi.encodeCall(DISPUTES.withdraw, (address(0), amount)), refusal);
    }

    /// @dev Out comes what went in, to whom the owner says, and not a unit more [I05 I08].
    function testFuzz_withdraw_isWithinTheBalance(address to, uint256 excess, uint256 part) external {
        VM.assume(to != address(0) && to != address(DISPUTES));
        uint256[2] memory bad = [FORTUNE + 1, bound(excess, FORTUNE + 1, type(uint256).max)];
        for (uint256 i; i < bad.length; ++i) {
            bytes memory refusal = _insufficient(CHALLENGER, FORTUNE, bad[i]);
            _refuse(CHALLENGER, abi.encodeCall(DISPUTES.withdraw, (to, bad[i])), refusal);
        }
        part = bound(part, 0, FORTUNE);
        uint256 before = TOKEN.balanceOf(to);
        _accept(CHALLENGER, abi.encodeCall(DISPUTES.withdraw, (to, part)));
        _accept(CHALLENGER, abi.encodeCall(DISPUTES.withdraw, (to, FORTUNE - part)));
        require(TOKEN.balanceOf(to) == before + FORTUNE, "paid");
    }

    /// @dev Nobody withdraws what another has.
    function testFuzz_withdraw_isFromTheOwnAccount(address caller, uint256 amount) external {
        VM.assume(caller != CHALLENGER && caller != OTHER);
        amount = bound(amount, 1, FORTUNE);
        bytes memory call = abi.encodeCall(DISPUTES.withdraw, (PAYER, amount));
        _refuse(caller, call, _insufficient(caller, 0, amount));
    }

    /// @dev A permit that somebody has sent before changes nothing: the allowance is there [T002].
    function testFuzz_depositWithPermit_standsASpentPermit(address account, uint256 amount, bool spent) external {
        VM.assume(account != address(0) && account != CHALLENGER && account != OTHER);
        amount = bound(amount, 1, FORTUNE);
        bytes32 message = keccak256(abi.encode(PERMIT, PAYER, address(DISPUTES), amount, 0, NOW));
        (uint8 v, bytes32 r, bytes32 s) = _split(_sign(KEY, "OPG", address(TOKEN), message));
        if (spent) TOKEN.permit(PAYER, address(DISPUTES), amount, NOW, v, r, s);

        VM.prank(PAYER);
        DISPUTES.depositWithPermit(account, amount, NOW, v, r, s);
        require(DISPUTES.balanceOf(account) == amount, "balance");
        require(TOKEN.allowance(PAYER, address(DISPUTES)) == 0, "allowance");
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
        uint256 before = DISPUTES.balanceOf(account);
        Payment memory payment = _payment(account, salt, bound(amount, 0, FORTUNE));
        bytes memory call = abi.encodeCall(DISPUTES.depositWithAuthorization, (other, PAYER, salt, payment));
        _refuse(caller, call, abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector));

        call = abi.encodeCall(DISPUTES.depositWithAuthorization, (account, PAYER, salt, payment));
        _accept(caller, call);
        require(DISPUTES.balanceOf(account) == before + payment.value, "balance");
        bytes memory used = abi.encodeWithSelector(
            ERC3009.ERC3009UsedAuthorization.selector,
            PAYER,
            _nonce(account, salt)
        );
        _refuse(caller, call, used);
    }

    /// @dev What the loser of a bond leaves is burned, once, and nothing that anybody is owed [I05].
    function testFuzz_burnForfeited_burnsTheRestOfLostBonds(address caller, uint8 games) external {
        games = uint8(bound(games, 1, 5));
        uint256 lost;
        for (uint256 i; i < games; ++i) {
            Statement memory statement = _statementOf(0, bytes32(i + 1));
            _state(statement);
            Game memory game = _challenge(CHALLENGER, statement, 1);
            _accept(NODE, abi.encodeCall(DISPUTES.respond, (game, TOY.proof(1, 0), TOY.nodes(0, 0))));
            VM.warp(NOW + 21 * (i + 1));
            _accept(caller, abi.encodeCall(DISPUTES.timeout, (game)));
            lost += game.bond - (game.bond * 6_000) / 10_000;
        }
        uint256 supply = TOKEN.totalSupply();
        require(DISPUTES.forfeited() == lost, "forfeited");
        VM.prank(caller);
        require(DISPUTES.burnForfeited() == lost && TOKEN.totalSupply() == supply - lost, "burned");
        VM.prank(caller);
        require(DISPUTES.burnForfeited() == 0, "once");
        uint256 owed = DISPUTES.balanceOf(CHALLENGER) + DISPUTES.balanceOf(OTHER) + DISPUTES.balanceOf(NODE);
        require(TOKEN.balanceOf(address(DISPUTES)) == owed, "owed");
    }

    function _payment(address account, bytes32 salt, uint256 value) private view returns (Payment memory) {
        bytes32 message = keccak256(
            abi.encode(RECEIVE, PAYER, address(DISPUTES), value, 0, NOW + 1, _nonce(account, salt))
        );
        return Payment(value, 0, NOW + 1, _sign(KEY, "OPG", address(TOKEN), message));
    }

    function _nonce(address account, bytes32 salt) private view returns (bytes32) {
        bytes32 subject = keccak256(abi.encode(account, salt));
        return keccak256(abi.encode(PAYMENT_TAG, block.chainid, address(DISPUTES), subject));
    }

    function _insufficient(address account, uint256 balance, uint256 needed) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDisputeGame.DisputeInsufficientBalance.selector, account, balance, needed);
    }

    function _split(bytes memory signature) private pure returns (uint8 v, bytes32 r, bytes32 s) {
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
            v := byte(0, mload(add(signature, 0x60)))
        }
    }
}
