// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {IMandates} from "./interfaces/IMandates.sol";
import {SignedOrder} from "./types/MandateTypes.sol";

/// @title Who may use the balance of somebody else
/// @custom:source docs/adr/0035-consent-to-spend-has-a-contract-of-its-own.md
contract Mandates is EIP712, IMandates {
    using BitMaps for BitMaps.BitMap;

    bytes32 private constant SIGNED_ORDER_TYPEHASH = keccak256(
        "SignedOrder(address ledger,bytes32 order,uint256 mostCost,uint256 mostRepay,uint256 nonce,uint256 expiresAt)"
    );

    mapping(address ledger => mapping(address account => mapping(address spender => uint256))) private _caps;
    mapping(address account => BitMaps.BitMap) private _usedNonces;

    constructor() EIP712("OPG Mandates", "1") {}

    /// @inheritdoc IMandates
    function allow(address ledger, address spender, uint256 cap) external {
        _setCap(ledger, msg.sender, spender, cap);
    }

    /// @inheritdoc IMandates
    function cancelNonce(uint256 nonce) external {
        _useNonce(msg.sender, address(0), nonce);
    }

    /// @inheritdoc IMandates
    function spend(address account, address spender, uint256 amount) external {
        uint256 cap = _caps[msg.sender][account][spender];
        if (amount > cap) revert MandateCapTooLow(msg.sender, account, spender, cap, amount);
        if (cap < type(uint256).max) _setCap(msg.sender, account, spender, cap - amount);
    }

    /// @inheritdoc IMandates
    function useOrder(
        address account,
        bytes32 order,
        uint256 cost,
        uint256 repay,
        SignedOrder calldata signed
    ) external {
        if (block.timestamp >= signed.expiresAt) revert MandateExpired(account, signed.expiresAt);
        if (cost > signed.mostCost) revert MandateCostTooHigh(account, cost, signed.mostCost);
        if (repay > signed.mostRepay) revert MandateRepayTooHigh(account, repay, signed.mostRepay);
        _useNonce(account, msg.sender, signed.nonce);
        bytes32 digest = digestOf(msg.sender, order, signed);
        if (!SignatureChecker.isValidSignatureNowCalldata(account, digest, signed.signature)) {
            revert MandateInvalidSignature(account, digest);
        }
    }

    /// @inheritdoc IMandates
    function capOf(address ledger, address account, address spender) external view returns (uint256) {
        return _caps[ledger][account][spender];
    }

    /// @inheritdoc IMandates
    function isNonceUsed(address account, uint256 nonce) external view returns (bool) {
        return _usedNonces[account].get(nonce);
    }

    /// @inheritdoc IMandates
    function digestOf(address ledger, bytes32 order, SignedOrder calldata signed) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        SIGNED_ORDER_TYPEHASH,
                        ledger,
                        order,
                        signed.mostCost,
                        signed.mostRepay,
                        signed.nonce,
                        signed.expiresAt
                    )
                )
            );
    }

    function _useNonce(address account, address ledger, uint256 nonce) private {
        BitMaps.BitMap storage used = _usedNonces[account];
        if (used.get(nonce)) revert MandateNonceUsed(account, nonce);
        used.set(nonce);
        emit NonceUsed(account, ledger, nonce);
    }

    function _setCap(address ledger, address account, address spender, uint256 cap) private {
        _caps[ledger][account][spender] = cap;
        emit SpenderAllowed(ledger, account, spender, cap);
    }
}
