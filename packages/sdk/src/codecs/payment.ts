/** What a payment says by ERC-3009, whoever may send it. */
const FIELDS = [
  { name: "from", type: "address" },
  { name: "to", type: "address" },
  { name: "value", type: "uint256" },
  { name: "validAfter", type: "uint256" },
  { name: "validBefore", type: "uint256" },
  { name: "nonce", type: "bytes32" },
];

/** The EIP-712 types of a payment that anybody can send. */
export const TRANSFER_AUTHORIZATION_TYPES = { TransferWithAuthorization: FIELDS };

/** The EIP-712 types of a payment that only the payee can send. */
export const RECEIVE_AUTHORIZATION_TYPES = { ReceiveWithAuthorization: FIELDS };
