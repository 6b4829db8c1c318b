// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReceiptBook} from "../../contracts/interfaces/IReceiptBook.sol";
import {ShownReceiptLib} from "../../contracts/libraries/ShownReceiptLib.sol";
import {Batch, StatementId} from "../../contracts/types/CommitmentTypes.sol";
import {
    Receipt,
    ReceiptProof,
    SESSION_TAG,
    Session,
    SessionId,
    ShownReceipt
} from "../../contracts/types/SessionTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SessionStage} from "../support/SessionStage.sol";
import {Trees} from "../support/Trees.sol";
import {VM} from "../support/Vm.sol";

/// @title Which receipts can be shown: those that the node has made, for this session, not too long ago
contract ReceiptBookTest is SessionStage {
    using ShownReceiptLib for ShownReceipt;

    uint256 private constant HORIZON = 40;

    Session private _held;

    function setUp() external {
        _stage();
        (_held, ) = _opened(0);
    }

    /// @dev A receipt is of the session that it names, in the contract that is asked about.
    function testFuzz_check_isOfOneSession(SessionId other, address sessions) external {
        SessionId id = _sessionIdOf(_held);
        VM.assume(SessionId.unwrap(other) != SessionId.unwrap(id) && sessions != address(SESSIONS));
        Receipt memory receipt = _receipt(_held, 1, "root");
        receipt.sessionId = other;
        bytes4 selector = IReceiptBook.ReceiptsForeign.selector;
        _refuseReceipt(receipt, _attest(receipt, NODE_KEY), abi.encodeWithSelector(selector, other, id));
        receipt.sessionId = id;
        SessionId elsewhere = SessionId.wrap(keccak256(abi.encode(SESSION_TAG, block.chainid, sessions, _held)));
        bytes memory call = abi.encodeCall(RECEIPTS.check, (sessions, _held, receipt, _attest(receipt, NODE_KEY)));
        _refuse(address(this), address(RECEIPTS), call, abi.encodeWithSelector(selector, id, elsewhere));
    }

    /// @dev Only the signer that the node had when the receipt was made has made it.
    function testFuzz_check_wantsTheSignerOfThatTime(uint256 key, uint64 sequence, bytes32 root) external {
        key = bound(key, 3, type(uint128).max);
        Receipt memory receipt = _receipt(_held, sequence, root);
        _refuseReceipt(receipt, _attest(receipt, key), _notSigned(VM.addr(key)));
        ReceiptProof memory nothing;
        _refuseReceipt(receipt, nothing, _notSigned(address(0)));
        _requireMade(receipt, _attest(receipt, NODE_KEY), block.timestamp);
    }

    /// @dev A receipt counts from when it was made, for the horizon, to the second; none is from the future. [T108]
    function testFuzz_check_hasItsTime(uint256 ahead, uint256 late) external {
        uint256 made = block.timestamp;
        Receipt memory receipt = _receipt(_held, 1, "root");
        VM.warp(made + HORIZON - 1);
        _requireMade(receipt, _attest(receipt, NODE_KEY), made);
        VM.warp(bound(late, made + HORIZON, made + LENGTH));
        _refuseReceipt(receipt, _attest(receipt, NODE_KEY), _outOfTime(made));
        receipt.issuedAt = uint48(block.timestamp + bound(ahead, 1, HORIZON));
        _refuseReceipt(receipt, _attest(receipt, NODE_KEY), _outOfTime(receipt.issuedAt));
    }

    /// @dev In a batch a receipt counts from when that was posted, which is not before it was issued, by the node's signer.
    function testFuzz_check_takesLeavesOfBatches(
        address poster,
        uint256 delay,
        uint256 ahead,
        bytes32 sibling
    ) external {
        VM.assume(poster != VM.addr(NODE_KEY));
        Receipt memory receipt = _receipt(_held, 1, "root");
        VM.warp(block.timestamp + bound(delay, 0, LENGTH));
        uint256 posted = block.timestamp;
        ReceiptProof memory proof = _post(VM.addr(NODE_KEY), receipt, sibling);
        VM.warp(posted + HORIZON - 1);
        _requireMade(receipt, proof, posted);
        VM.warp(posted + HORIZON);
        _refuseReceipt(receipt, proof, _outOfTime(posted));
        proof = _post(poster, receipt, sibling);
        _refuseReceipt(receipt, proof, _notSigned(poster));
        receipt.issuedAt = uint48(block.timestamp + bound(ahead, 1, LENGTH));
        proof = _post(VM.addr(NODE_KEY), receipt, sibling);
        _refuseReceipt(receipt, proof, _outOfTime(block.timestamp));
    }

    /// @dev What was shown can be disputed for the horizon, whoever has shown it, and is kept under its statement.
    function testFuzz_show_keepsTheStatement(address caller, uint64 sequence, bytes32 root, uint96 price) external {
        Receipt memory receipt = _receipt(_held, sequence, root);
        receipt.price = price;
        ReceiptProof memory proof = _attest(receipt, NODE_KEY);
        StatementId id = RECEIPTS.statementIdOf(_nodes[0], receipt);
        require(RECEIPTS.shownOf(id).isNone() && RECEIPTS.disputableUntil(0, id) == 0, "not yet");
        VM.prank(caller);
        StatementId shown = RECEIPTS.show(address(SESSIONS), _held, receipt, proof);
        require(StatementId.unwrap(shown) == StatementId.unwrap(id), "statement");
        require(RECEIPTS.disputableUntil(0, id) == block.timestamp + HORIZON, "until");
        require(RECEIPTS.shownOf(id).price() == price, "price");
    }

    function _requireMade(Receipt memory receipt, ReceiptProof memory proof, uint256 from) private view {
        (StatementId id, uint256 until) = RECEIPTS.check(address(SESSIONS), _held, receipt, proof);
        StatementId expected = RECEIPTS.statementIdOf(_nodes[0], receipt);
        require(StatementId.unwrap(id) == StatementId.unwrap(expected) && until == from + HORIZON, "made");
    }

    function _refuseReceipt(Receipt memory receipt, ReceiptProof memory proof, bytes memory refusal) private {
        bytes memory call = abi.encodeCall(RECEIPTS.check, (address(SESSIONS), _held, receipt, proof));
        _refuse(address(this), address(RECEIPTS), call, refusal);
        call = abi.encodeCall(RECEIPTS.show, (address(SESSIONS), _held, receipt, proof));
        _refuse(address(this), address(RECEIPTS), call, refusal);
    }

    /// @dev Posts a batch of two leaves, of which the receipt is the first.
    function _post(
        address poster,
        Receipt memory receipt,
        bytes32 sibling
    ) private returns (ReceiptProof memory proof) {
        bytes32 statement = RECEIPTS.hashOf(receipt);
        bytes32 root = Trees.sortedPair(Trees.batchLeaf(0, statement), sibling);
        proof.batch = Batch(poster, root, 2);
        proof.path = new bytes32[](1);
        proof.path[0] = sibling;
        _accept(poster, address(COMMITMENTS), abi.encodeCall(COMMITMENTS.postBatch, (root, 2, "ipfs://batch")));
    }

    function _notSigned(address given) private view returns (bytes memory) {
        bytes4 selector = IReceiptBook.ReceiptsNotSigned.selector;
        return abi.encodeWithSelector(selector, _sessionIdOf(_held), given, VM.addr(NODE_KEY));
    }

    function _outOfTime(uint256 from) private view returns (bytes memory) {
        bytes4 selector = IReceiptBook.ReceiptsOutOfTime.selector;
        return abi.encodeWithSelector(selector, _sessionIdOf(_held), from, from + HORIZON);
    }
}
