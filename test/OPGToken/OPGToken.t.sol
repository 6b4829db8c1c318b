// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

contract OPGTokenTest is SuiteAdmin {
    enum Kind {
        Transfer,
        Receive,
        Cancel
    }

    /// @dev What an authorisation says, in the order in which it is signed.
    struct Authorisation {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    uint256 private constant KEY = 0xa11ce;
    address private constant PAYEE = address(0xb0b);
    uint256 private constant NOW = 1_000_000_000;
    uint256 private constant YEAR = 365 days;
    string private constant FIELDS =
        "(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";
    string private constant TYPES = "(address,address,uint256,uint256,uint256,bytes32,bytes)";

    address private immutable PAYER = VM.addr(KEY);

    function setUp() external {
        VM.warp(NOW);
        _endow(PAYER);
    }

    /// @dev Whoever holds the signature, only the payee can have it paid in this way [T003].
    function testFuzz_receiveWithAuthorization_isThePayeesAlone(address caller, address to, uint256 value) external {
        VM.assume(caller != to && to != PAYER && to != address(0));
        Authorisation memory given = _authorisation(to, value);
        bytes memory call = _call(Kind.Receive, given, _signed(Kind.Receive, KEY, given));
        _refuse(caller, address(TOKEN), call, abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, to));

        uint256 before = TOKEN.balanceOf(to);
        _accept(to, address(TOKEN), call);
        require(TOKEN.balanceOf(to) == before + given.value, "paid");
    }

    /// @dev A signature is good for the payment that it names: change one word of it, and it is nobody's [T004].
    function testFuzz_authorisations_bindEveryField(uint256 which, uint256 change, bool receives) external {
        VM.assume(uint160(change) != 0);
        Kind kind = receives ? Kind.Receive : Kind.Transfer;
        Authorisation memory given = _authorisation(PAYEE, 1e18);
        bytes memory signature = _signed(kind, KEY, given);
        which = bound(which, 0, 5);
        if (which == 0) given.from = address(uint160(given.from) ^ uint160(change));
        if (which == 1) given.to = address(uint160(given.to) ^ uint160(change));
        if (which == 2) given.value ^= change;
        if (which == 3) given.validAfter ^= change;
        if (which == 4) given.validBefore ^= change;
        if (which == 5) given.nonce ^= bytes32(change);
        _refuse(given.to, address(TOKEN), _call(kind, given, signature), _invalidSignature());
    }

    /// @dev Nobody else's signature pays or cancels, nor does one that was given for another kind of call.
    function testFuzz_authorisations_areThePayersAlone(uint256 key, uint256 value) external {
        key = bound(key, 1, type(uint128).max);
        VM.assume(key != KEY);
        Authorisation memory given = _authorisation(PAYEE, value);
        for (uint256 i; i < 9; ++i) {
            (Kind kind, Kind signedFor) = (Kind(i / 3), Kind(i % 3));
            bytes memory signature = _signed(signedFor, kind == signedFor ? key : KEY, given);
            _refuse(PAYEE, address(TOKEN), _call(kind, given, signature), _invalidSignature());
        }
    }

    /// @dev Both ends are exclusive: valid from the second after the one to the second before the other.
    function testFuzz_authorisations_holdBetweenTheirTimes(uint256 length, uint256 early, uint256 late) external {
        Authorisation memory given = _authorisation(PAYEE, 1e18);
        given.validAfter = NOW + YEAR;
        given.validBefore = given.validAfter + bound(length, 2, YEAR);
        bytes memory call = _call(Kind.Transfer, given, _signed(Kind.Transfer, KEY, given));
        bytes memory refusal = abi.encodeWithSelector(
            ERC3009.ERC3009InvalidAuthorizationTime.selector,
            given.validAfter,
            given.validBefore
        );
        uint256[4] memory refused = [
            given.validAfter,
            bound(early, NOW, given.validAfter),
            given.validBefore,
            bound(late, given.validBefore, given.validBefore + YEAR)
        ];
        for (uint256 i; i < refused.length; ++i) {
            VM.warp(refused[i]);
            _refuse(address(this), address(TOKEN), call, refusal);
        }
        VM.warp(late % 2 == 0 ? given.validAfter + 1 : given.validBefore - 1);
        _accept(address(this), address(TOKEN), call);
        require(TOKEN.balanceOf(PAYEE) == given.value, "paid");
    }

    /// @dev A nonce is spent by its first use, whichever of the three that is [T005].
    function testFuzz_authorisations_areUsedOnce(uint256 first, uint256 value) external {
        Authorisation memory given = _authorisation(PAYEE, value);
        Kind kind = Kind(bound(first, 0, 2));
        _accept(PAYEE, address(TOKEN), _call(kind, given, _signed(kind, KEY, given)));
        require(TOKEN.balanceOf(PAYEE) == (kind == Kind.Cancel ? 0 : given.value), "paid");

        bytes memory used = abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, PAYER, given.nonce);
        for (uint256 i; i < 3; ++i) {
            _refuse(PAYEE, address(TOKEN), _call(Kind(i), given, _signed(Kind(i), KEY, given)), used);
        }
    }

    function _authorisation(address to, uint256 value) private view returns (Authorisation memory) {
        return Authorisation(PAYER, to, bound(value, 0, FORTUNE), NOW - 1, NOW + 1, keccak256(abi.encode(value)));
    }

    function _signed(Kind kind, uint256 key, Authorisation memory a) private view returns (bytes memory) {
        bytes32 message = keccak256(
            abi.encode(keccak256("CancelAuthorization(address authorizer,bytes32 nonce)"), a.from, a.nonce)
        );
        if (kind != Kind.Cancel) {
            message = keccak256(abi.encode(keccak256(bytes(string.concat(_name(kind, "T", "R"), FIELDS))), a));
        }
        return _sign(key, "OPG", address(TOKEN), message);
    }

    function _call(Kind kind, Authorisation memory a, bytes memory signature) private pure returns (bytes memory) {
        if (kind == Kind.Cancel) {
            return abi.encodeWithSignature("cancelAuthorization(address,bytes32,bytes)", a.from, a.nonce, signature);
        }
        return
            abi.encodeWithSignature(
                string.concat(_name(kind, "t", "r"), TYPES),
                a.from,
                a.to,
                a.value,
                a.validAfter,
                a.validBefore,
                a.nonce,
                signature
            );
    }

    /// @dev Types of messages begin with a capital, functions do not.
    function _name(Kind kind, string memory t, string memory r) private pure returns (string memory) {
        return
            kind == Kind.Transfer
                ? string.concat(t, "ransferWithAuthorization")
                : string.concat(r, "eceiveWithAuthorization");
    }

    function _invalidSignature() private pure returns (bytes memory) {
        return abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector);
    }
}
