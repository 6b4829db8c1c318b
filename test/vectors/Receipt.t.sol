// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReceiptBook} from "../../contracts/ReceiptBook.sol";
import {SessionSignatures} from "../../contracts/base/SessionSignatures.sol";
import {INodeStaking} from "../../contracts/interfaces/INodeStaking.sol";
import {IResultCommitments} from "../../contracts/interfaces/IResultCommitments.sol";
import {HashLib} from "../../contracts/libraries/HashLib.sol";
import {Batch, BatchId, StatementId} from "../../contracts/types/CommitmentTypes.sol";
import {CompactSignature, NodeConsent, Receipt, SessionId} from "../../contracts/types/SessionTypes.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

/// @dev Stands where a case has its sessions, and tells whose signatures it takes.
contract Signatures is SessionSignatures {
    function voucherSigner(
        SessionId id,
        uint128 amount,
        CompactSignature calldata signature
    ) external view returns (address) {
        return _voucherSigner(id, amount, signature);
    }

    function consentSigner(SessionId id, NodeConsent calldata consent) external view returns (address) {
        return _consentSigner(id, consent);
    }
}

/// @dev Stands where a case has its batches.
contract BatchKeeper {
    function idOf(Batch memory batch) external view returns (BatchId) {
        return HashLib.batchId(batch);
    }
}

/// @title What is signed and posted about sessions, against vectors/receipt.json
contract ReceiptVectorsTest {
    uint256 private constant KEY = 7;

    struct Case {
        string name;
        uint256 chainId;
        address sessions;
        address receipts;
        address commitments;
        address node;
        Receipt receipt;
        uint128 amount;
        uint256 index;
        bytes32 structHash;
        bytes32 digest;
        StatementId statementId;
        bytes32 voucherDigest;
        bytes32 consentDigest;
        Batch batch;
        BatchId batchId;
        bytes32 leaf;
    }

    string private constant CASE =
        "Case(string name,uint256 chainId,address sessions,address receipts,address commitments,address node,"
        "Receipt receipt,uint128 amount,uint256 index,bytes32 structHash,bytes32 digest,bytes32 statementId,"
        "bytes32 voucherDigest,bytes32 consentDigest,Batch batch,bytes32 batchId,bytes32 leaf)"
        "Receipt(bytes32 sessionId,uint64 sequence,bytes32 versionId,bytes32 inputRoot,bytes32 outputRoot,uint96 price,"
        "uint48 issuedAt)"
        "Batch(address poster,bytes32 root,uint256 count)";

    /// @dev [T101 T147]
    function test_receipts() external {
        Case[] memory cases = abi.decode(Vectors.casesOf("receipt.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        for (uint256 i; i < cases.length; ++i) {
            VM.chainId(cases[i].chainId);
            _checkReceipt(cases[i]);
            _checkSignatures(cases[i]);
            _checkBatch(cases[i]);
        }
    }

    function _checkReceipt(Case memory c) private {
        ReceiptBook made = new ReceiptBook(INodeStaking(address(1)), IResultCommitments(c.commitments));
        VM.etch(c.receipts, address(made).code);
        ReceiptBook book = ReceiptBook(c.receipts);
        require(book.hashOf(c.receipt) == c.structHash, c.name);
        require(StatementId.unwrap(book.statementIdOf(c.node, c.receipt)) == StatementId.unwrap(c.statementId), c.name);
        bytes32 domain = _domainOf(book);
        require(keccak256(abi.encodePacked(hex"1901", domain, c.structHash)) == c.digest, c.name);
    }

    /// @dev What is signed by a key for the digests of the case is taken for that key's.
    function _checkSignatures(Case memory c) private {
        VM.etch(c.sessions, address(new Signatures()).code);
        Signatures signatures = Signatures(c.sessions);
        SessionId id = c.receipt.sessionId;
        address voucherSigner = signatures.voucherSigner(id, c.amount, _sign(c.voucherDigest));
        require(voucherSigner == VM.addr(KEY), c.name);
        NodeConsent memory consent = NodeConsent(c.receipt.issuedAt, _sign(c.consentDigest));
        require(signatures.consentSigner(id, consent) == VM.addr(KEY), c.name);
    }

    function _checkBatch(Case memory c) private {
        VM.etch(c.commitments, address(new BatchKeeper()).code);
        BatchId id = BatchKeeper(c.commitments).idOf(c.batch);
        require(BatchId.unwrap(id) == BatchId.unwrap(c.batchId), c.name);
        require(HashLib.statementLeaf(c.index, c.structHash) == c.leaf, c.name);
    }

    function _domainOf(ReceiptBook book) private view returns (bytes32) {
        (, string memory name, string memory version, uint256 chainId, address verifier, , ) = book.eip712Domain();
        bytes32 domainType = keccak256(
            "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        );
        return keccak256(abi.encode(domainType, keccak256(bytes(name)), keccak256(bytes(version)), chainId, verifier));
    }

    function _sign(bytes32 digest) private pure returns (CompactSignature memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(KEY, digest);
        return CompactSignature(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }
}
