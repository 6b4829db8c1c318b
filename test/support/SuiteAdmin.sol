// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuditRoster} from "../../contracts/AuditRoster.sol";
import {DisputeGame} from "../../contracts/DisputeGame.sol";
import {InferenceMarketplace} from "../../contracts/InferenceMarketplace.sol";
import {InferenceSessions} from "../../contracts/InferenceSessions.sol";
import {ModelRegistry} from "../../contracts/ModelRegistry.sol";
import {NodeStaking} from "../../contracts/NodeStaking.sol";
import {OPGToken} from "../../contracts/OPGToken.sol";
import {OptimisticMarketplace} from "../../contracts/OptimisticMarketplace.sol";
import {OptimisticPolicy} from "../../contracts/OptimisticPolicy.sol";
import {ReceiptBook} from "../../contracts/ReceiptBook.sol";
import {ReplicationPolicy} from "../../contracts/ReplicationPolicy.sol";
import {ResultCommitments} from "../../contracts/ResultCommitments.sol";
import {InferenceLens} from "../../contracts/lens/InferenceLens.sol";
import {OptimisticLens} from "../../contracts/lens/OptimisticLens.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {RoundId, SignedSeal} from "../../contracts/types/CommitmentTypes.sol";
import {AccountAmount, Job, JobId, JobShape} from "../../contracts/types/JobTypes.sol";
import {ModelId, TensorSpec, VersionId, VersionIdentity, VersionRelease} from "../../contracts/types/ModelTypes.sol";
import {CompactSignature} from "../../contracts/types/SessionTypes.sol";
import {Suite} from "./Suite.sol";
import {VM} from "./Vm.sol";

/// @title Whoever has the suite: deploys it, is its admin, and holds the supply until somebody is endowed
abstract contract SuiteAdmin {
    using JobLib for AccountAmount;
    using JobLib for JobShape;

    bytes32 private constant CONSENT_TYPEHASH = keccak256("SignerConsent(address node,address signer,uint256 nonce)");
    bytes32 private constant SEAL_TYPEHASH = keccak256("Seal(bytes32 roundId,address node,bytes32 commitment)");
    uint256 internal constant FORTUNE = 1_000_000e18;
    address public constant TREASURY = address(0x72EA5);

    OPGToken public immutable TOKEN;
    ModelRegistry public immutable REGISTRY;
    NodeStaking public immutable STAKING;
    ResultCommitments public immutable COMMITMENTS;
    ReplicationPolicy public immutable POLICY;
    DisputeGame public immutable DISPUTES;
    InferenceMarketplace public immutable MARKET;
    AuditRoster public immutable ROSTER;
    OptimisticPolicy public immutable OPTIMISTIC_POLICY;
    OptimisticMarketplace public immutable OPTIMISTIC;
    ReceiptBook public immutable RECEIPTS;
    InferenceSessions public immutable SESSIONS;
    OptimisticLens public immutable LENS;
    InferenceLens public immutable INFERENCE_LENS;

    constructor() {
        Suite suite = new Suite(address(this), TREASURY);
        TOKEN = suite.TOKEN();
        REGISTRY = suite.REGISTRY();
        STAKING = suite.STAKING();
        COMMITMENTS = suite.COMMITMENTS();
        POLICY = suite.POLICY();
        DISPUTES = suite.DISPUTES();
        MARKET = suite.MARKET();
        ROSTER = suite.ROSTER();
        OPTIMISTIC_POLICY = suite.OPTIMISTIC_POLICY();
        OPTIMISTIC = suite.OPTIMISTIC();
        RECEIPTS = suite.RECEIPTS();
        SESSIONS = suite.SESSIONS();
        LENS = suite.LENS();
        INFERENCE_LENS = suite.INFERENCE_LENS();
    }

    /// @dev Gives an account OPG, which staking and markets may take.
    function _endow(address account) internal {
        TOKEN.transfer(account, FORTUNE);
        address[4] memory takers = [address(STAKING), address(MARKET), address(OPTIMISTIC), address(SESSIONS)];
        for (uint256 i; i < takers.length; ++i) {
            VM.prank(account);
            TOKEN.approve(takers[i], type(uint256).max);
        }
    }

    /// @dev Makes an endowed account a node, whose signer has this key.
    function _register(address node, uint256 signerKey, uint256 ownStake) internal {
        bytes memory consent = _consent(node, signerKey);
        VM.prank(node);
        STAKING.register(ownStake, VM.addr(signerKey), consent, 1_000, "");
    }

    /// @dev What a signer signs to serve a node.
    function _consent(address node, uint256 signerKey) internal view returns (bytes memory) {
        address signer = VM.addr(signerKey);
        bytes32 message = keccak256(abi.encode(CONSENT_TYPEHASH, node, signer, STAKING.nonces(signer)));
        return _sign(signerKey, "OPG NodeStaking", address(STAKING), message);
    }

    /// @dev A node's seal, signed so that anybody can bring it.
    function _signSeal(
        uint256 key,
        RoundId roundId,
        address node,
        bytes32 commitment
    ) internal view returns (SignedSeal memory) {
        bytes32 message = keccak256(abi.encode(SEAL_TYPEHASH, roundId, node, commitment));
        CompactSignature memory signature = _compact(
            _sign(key, "OPG ResultCommitments", address(COMMITMENTS), message)
        );
        return SignedSeal(node, commitment, signature.r, signature.vs);
    }

    /// @dev An EIP-712 signature in the domain of one of the contracts.
    function _sign(
        uint256 key,
        string memory domainName,
        address verifier,
        bytes32 structHash
    ) internal view returns (bytes memory) {
        bytes32 domainType = keccak256(
            "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        );
        bytes32 domain = keccak256(
            abi.encode(domainType, keccak256(bytes(domainName)), keccak256("1"), block.chainid, verifier)
        );
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }

    /// @dev The same in 64 bytes.
    function _compact(bytes memory signature) internal pure returns (CompactSignature memory compact) {
        (bytes32 r, bytes32 s, uint256 v) = (bytes32(0), bytes32(0), uint8(signature[64]));
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
        }
        compact = CompactSignature(r, bytes32(uint256(s) | ((v - 27) << 255)));
    }

    /// @dev Calls in somebody's name what must be refused with exactly this error.
    function _refuse(address caller, address target, bytes memory call, bytes memory refusal) internal {
        VM.prank(caller);
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory given) = target.call(call);
        require(!success, "not refused");
        require(keccak256(given) == keccak256(refusal), "refused with another error");
    }

    /// @dev Calls in somebody's name what must be possible.
    function _accept(address caller, address target, bytes memory call) internal {
        VM.prank(caller);
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, ) = target.call(call);
        require(success, "refused");
    }

    /// @dev A first model of this publisher, with one version.
    function _publish(address publisher, uint256 royalty) internal returns (ModelId model, VersionId version) {
        VM.prank(publisher);
        model = REGISTRY.registerModel("digits", royalty, false);
        VM.prank(publisher);
        version = REGISTRY.release(model, _identity("some"), _details(1, 0));
    }

    /// @dev Places an order in its requester's name, and makes of it the job that it becomes.
    function _request(Job memory job, address payee) internal returns (JobId id) {
        VM.prank(job.requester.account());
        id = MARKET.request(job, "ipfs://input");
        (job.rules, ) = MARKET.governed();
        job.shape = job.shape.stamped();
        job.royalty = JobLib.pair(payee, job.royalty.amount());
    }

    /// @dev The least that makes a version; equal artifacts make equal identities.
    function _identity(bytes32 artifact) internal pure returns (VersionIdentity memory) {
        return VersionIdentity(artifact, 1, "onnx", _text(), _text(), 0, 0);
    }

    /// @dev The least that must be said about the version of a number.
    function _details(uint16 major, uint16 minor) internal pure returns (VersionRelease memory) {
        string[] memory uris = new string[](1);
        uris[0] = "https://models.example";
        return VersionRelease(major, minor, "input", "output", "MIT", uris, "https://models.example", "metadata");
    }

    function _text() private pure returns (TensorSpec[] memory specs) {
        specs = new TensorSpec[](1);
        specs[0] = TensorSpec("text", 2, new uint32[](1));
    }
}
