import type { ErrorEntry, Unit } from "./entry.ts";

const entry = (signature: string, notice: string, fix: string, units: Readonly<Record<string, Unit>> = {}) =>
  ({ signature, units, notice, fix }) satisfies ErrorEntry;

const BROKEN = "Nothing: this cannot happen in this deployment. Please report it.";
const ADDRESS = "Give an address that is not zero.";

/** Errors of the language and of OpenZeppelin's contracts, which have no advice of their own. */
export const dependencies = [
  entry("Error(string reason)", "A contract refused the call.", "Read the reason; it is that contract's own."),
  entry("Panic(uint256 code)", "A contract failed in its own arithmetic or memory.", "Check amounts and lengths."),

  entry(
    "ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
    "The sender has too few tokens.",
    "Send it at least `needed - balance` more, or use less.",
    { balance: "OPG", needed: "OPG" },
  ),
  entry(
    "ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
    "The token's owner lets the spender take less than this.",
    "Approve at least `needed` for `spender` first.",
    { allowance: "OPG", needed: "OPG" },
  ),
  entry("ERC20InvalidSender(address sender)", "Tokens cannot come from this address.", ADDRESS),
  entry(
    "ERC20InvalidReceiver(address receiver)",
    "Tokens cannot go to this address, or it must itself send this payment.",
    "Name another receiver, or let `receiver` send the transaction.",
  ),
  entry("ERC20InvalidApprover(address approver)", "This address cannot approve.", ADDRESS),
  entry("ERC20InvalidSpender(address spender)", "This address cannot be approved.", ADDRESS),
  entry("ERC20ExceededSafeSupply(uint256 increasedSupply, uint256 cap)", "The supply is too large to vote.", BROKEN),
  entry(
    "SafeERC20FailedOperation(address token)",
    "The token did not do what was asked.",
    "Check balance and allowance.",
  ),
  entry(
    "ERC2612ExpiredSignature(uint256 deadline)",
    "The permit is too old.",
    "Sign a new one with a later deadline.",
    {
      deadline: "time",
    },
  ),
  entry(
    "ERC2612InvalidSigner(address signer, address owner)",
    "The permit was not signed by the owner of the tokens, or for other values.",
    "Let `owner` sign exactly what is sent, with its next nonce, for this chain and token.",
  ),
  entry(
    "ERC3009InvalidAuthorizationTime(uint256 validAfter, uint256 validBefore)",
    "The payment is not valid yet, or no longer.",
    "Send it between both times, or sign a new one.",
    { validAfter: "time", validBefore: "time" },
  ),
  entry(
    "ERC3009InvalidSignature()",
    "The payment was not signed by its payer, or for other values.",
    "Let the payer sign exactly what is sent, for this chain and token; the nonce says what is paid for.",
  ),
  entry(
    "ERC3009UsedAuthorization(address authorizer, bytes32 nonce)",
    "The payment was made, or cancelled, before.",
    "Nothing if it was made; otherwise sign another, with another nonce.",
  ),
  entry(
    "InvalidAccountNonce(address account, uint256 currentNonce)",
    "The signature carries another nonce than the account's next one.",
    "Sign again with `currentNonce`.",
  ),
  entry("VotesExpiredSignature(uint256 expiry)", "The signed delegation of votes is too old.", "Sign a new one.", {
    expiry: "time",
  }),
  entry(
    "ERC5805FutureLookup(uint256 timepoint, uint48 clock)",
    "Votes are known for the past only.",
    "Ask for a time before `clock`.",
    { timepoint: "time", clock: "time" },
  ),
  entry("ECDSAInvalidSignature()", "The signature is malformed.", "Sign again."),
  entry("ECDSAInvalidSignatureLength(uint256 length)", "A signature must have 65 bytes.", "Sign again."),
  entry("ECDSAInvalidSignatureS(bytes32 s)", "The signature is not in its one allowed form.", "Sign again."),

  entry("ERC721NonexistentToken(uint256 tokenId)", "No model has this id.", "Check the id, or register the model."),
  entry(
    "ERC721IncorrectOwner(address sender, uint256 tokenId, address owner)",
    "The model belongs to somebody else.",
    "Transfer it from `owner`.",
  ),
  entry(
    "ERC721InsufficientApproval(address operator, uint256 tokenId)",
    "The caller may not move this model.",
    "Call from its owner, or have the owner approve `operator`.",
  ),
  entry("ERC721InvalidOwner(address owner)", "This address cannot own models.", ADDRESS),
  entry("ERC721InvalidSender(address sender)", "Models cannot come from this address.", ADDRESS),
  entry(
    "ERC721InvalidReceiver(address receiver)",
    "The receiver does not accept models.",
    "Name an account, or a contract that implements `onERC721Received`.",
  ),
  entry("ERC721InvalidApprover(address approver)", "Only a model's owner can approve.", "Call from its owner."),
  entry("ERC721InvalidOperator(address operator)", "This address cannot be approved.", ADDRESS),

  entry(
    "AccessManagedUnauthorized(address caller)",
    "Only governance may do this.",
    "Call from an account that the access manager allows.",
  ),
  entry(
    "AccessManagedRequiredDelay(address caller, uint32 delay)",
    "The caller must announce this first.",
    "Schedule it in the access manager, wait `delay`, then execute it there.",
    { delay: "seconds" },
  ),
  entry("AccessManagedInvalidAuthority(address authority)", "There is no contract here.", "Name an access manager."),
  entry(
    "AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId)",
    "The caller does not have the role.",
    "Call from an account with `roleId`, once it is in force.",
  ),
  entry(
    "AccessManagerUnauthorizedCall(address caller, address target, bytes4 selector)",
    "The caller may not call this function.",
    "Have its role allowed for `selector` of `target`.",
  ),
  entry(
    "AccessManagerUnauthorizedCancel(address msgsender, address caller, address target, bytes4 selector)",
    "The caller may not cancel this operation.",
    "Cancel from `caller`, an administrator or a guardian of its role.",
  ),
  entry(
    "AccessManagerUnauthorizedConsume(address target)",
    "The target does not take scheduled operations now.",
    "Execute the operation through the access manager.",
  ),
  entry(
    "AccessManagerAlreadyScheduled(bytes32 operationId)",
    "The operation is scheduled.",
    "Wait and execute it, or cancel it first.",
  ),
  entry("AccessManagerNotScheduled(bytes32 operationId)", "The operation was not scheduled.", "Schedule it first."),
  entry("AccessManagerNotReady(bytes32 operationId)", "The operation's delay is not over.", "Wait until it is."),
  entry("AccessManagerExpired(bytes32 operationId)", "The operation was not executed in time.", "Schedule it again."),
  entry("AccessManagerLockedRole(uint64 roleId)", "This role cannot be changed.", "Choose another role."),
  entry("AccessManagerLockedFunction(bytes4 selector)", "This function is locked.", "Use the manager's own function."),
  entry(
    "AccessManagerBadConfirmation()",
    "A role is renounced by its holder alone.",
    "Confirm with the caller's address.",
  ),
  entry("AccessManagerInvalidInitialAdmin(address initialAdmin)", "The first administrator is zero.", ADDRESS),

  entry(
    "GovernorInsufficientProposerVotes(address proposer, uint256 votes, uint256 threshold)",
    "The proposer had too few votes a second ago.",
    "Hold or be delegated at least `threshold`, wait for a block, and propose again.",
    { votes: "OPG", threshold: "OPG" },
  ),
  entry(
    "GovernorUnexpectedProposalState(uint256 proposalId, uint8 current, bytes32 expectedStates)",
    "The proposal is in a state in which this cannot be done.",
    "Look at `current`: `getProposal` gives its name, and the times at which it changes.",
  ),
  entry("GovernorAlreadyCastVote(address voter)", "The account has voted.", "Nothing: a vote cannot be changed."),
  entry(
    "GovernorNonexistentProposal(uint256 proposalId)",
    "There is no such proposal.",
    "Take the id from the event `ProposalCreated`.",
  ),
  entry(
    "GovernorUnableToCancel(uint256 proposalId, address account)",
    "Only its proposer can take a proposal back, and only before its vote begins.",
    "Vote against it.",
  ),
  entry(
    "GovernorOnlyExecutor(address account)",
    "Only a proposal that was voted for may do this.",
    "Propose the call.",
  ),
  entry(
    "GovernorRestrictedProposer(address proposer)",
    "The description names another proposer.",
    "Propose from that account, or take `#proposer=` out of the description.",
  ),
  entry(
    "GovernorInvalidProposalLength(uint256 targets, uint256 calldatas, uint256 values)",
    "A proposal has as many targets as calls and values, and at least one.",
    "Give lists of one length.",
  ),
  entry("GovernorInvalidVoteType()", "A vote is 0 (against), 1 (for) or 2 (abstain).", "Give one of these."),
  entry(
    "GovernorInvalidVoteParams()",
    "The vote's parameters are not what its governor counts by.",
    "Check the governor's address: OPGGovernor takes any parameters, and counts none of them.",
  ),
  entry(
    "GovernorInvalidSignature(address voter)",
    "The vote was not signed by the voter, or for other values.",
    "Let `voter` sign exactly what is sent, with its next nonce, for this chain and governor.",
  ),
  entry(
    "GovernorAlreadyQueuedProposal(uint256 proposalId)",
    "The proposal waits in the timelock already.",
    "Execute it when its delay is over.",
  ),
  entry("GovernorDisabledDeposit()", "The governor takes no ether.", "Send it to the timelock."),
  entry("GovernorInvalidVotingPeriod(uint256 votingPeriod)", "A vote must last.", "Give a longer period.", {
    votingPeriod: "seconds",
  }),
  entry(
    "GovernorInvalidQuorumFraction(uint256 quorumNumerator, uint256 quorumDenominator)",
    "A quorum is a part of the supply.",
    "Give at most `quorumDenominator`.",
  ),
  entry(
    "GovernorPreventLateQuorumVoteExtensionTooLarge(uint256 newVoteExtension, uint256 maxVoteExtension)",
    "A vote cannot be extended by more than it lasts.",
    "Give at most `maxVoteExtension`.",
    { newVoteExtension: "seconds", maxVoteExtension: "seconds" },
  ),
  entry("GovernorProposalQueueingFailed(uint256 proposalId)", "The timelock has given no time.", BROKEN),
  entry("GovernorProposalQueueingNotRequired(uint256 proposalId)", "The proposal need not be queued.", BROKEN),
  entry("ERC6372InconsistentClock()", "The clock of the votes is not what it says.", BROKEN),
  entry(
    "TimelockUnexpectedOperationState(bytes32 operationId, bytes32 expectedStates)",
    "The operation is not scheduled, is done, or its delay is not over.",
    "Look at its state and its time in the timelock.",
  ),
  entry(
    "TimelockInsufficientDelay(uint256 delay, uint256 minDelay)",
    "The timelock waits longer than this.",
    "Give at least `minDelay`.",
    { delay: "seconds", minDelay: "seconds" },
  ),
  entry(
    "TimelockInvalidOperationLength(uint256 targets, uint256 payloads, uint256 values)",
    "A batch has as many targets as payloads and values.",
    "Give lists of one length.",
  ),
  entry("TimelockUnauthorizedCaller(address caller)", "Only the timelock itself may do this.", "Propose the call."),
  entry(
    "TimelockUnexecutedPredecessor(bytes32 predecessorId)",
    "Another operation must be executed before this one.",
    "Execute that first.",
  ),
  entry(
    "AccessControlUnauthorizedAccount(address account, bytes32 neededRole)",
    "Only the governor schedules and cancels, and only the timelock gives roles.",
    "Propose the call.",
  ),
  entry(
    "AccessControlBadConfirmation()",
    "A role is renounced by its holder alone.",
    "Confirm with the caller's address.",
  ),
  entry("OwnableInvalidOwner(address owner)", "This address cannot own a wallet.", ADDRESS),
  entry(
    "OwnableUnauthorizedAccount(address account)",
    "The wallet belongs to somebody else.",
    "Call from its owner; to release what is due, anyone may.",
  ),
  entry(
    "InvalidCliffDuration(uint64 cliffSeconds, uint64 durationSeconds)",
    "A wallet would release nothing until after its end.",
    "Give a cliff of at most `durationSeconds`.",
    { cliffSeconds: "seconds", durationSeconds: "seconds" },
  ),

  entry("ReentrancyGuardReentrantCall()", "A call came back in while it ran.", "Call after the first call is over."),
  entry("SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)", "A number is too large.", "Give a smaller one."),
  entry("AddressEmptyCode(address target)", "There is no contract at this address.", "Check address and chain."),
  entry("FailedCall()", "A call inside this call failed without a reason.", "Try its parts one by one."),
  entry("InsufficientBalance(uint256 balance, uint256 needed)", "The contract has too little ether.", "Send no ether."),
  entry("CheckpointUnorderedInsertion()", "A history would go back in time.", BROKEN),
  entry("InvalidShortString()", "A stored text is damaged.", BROKEN),
  entry("StringTooLong(string str)", "A text is too long to be stored.", BROKEN),
] as const satisfies readonly ErrorEntry[];
