export * from "./caps.ts";
export * from "./nonces.ts";
export * from "./orders.ts";
export * from "./postOrder.ts";
