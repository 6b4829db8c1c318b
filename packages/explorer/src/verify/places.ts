/** From where a page fetches what strangers have named. */

/** Where the page itself is, and what it may ask besides. */
export interface Surroundings {
  /** Of the page, such as `https://explorer.example`. */
  readonly origin: string;
  /** What serves IPFS, if the page has such a place. */
  readonly ipfsGateway: string | undefined;
}

/** An address that a page does not fetch from. */
export class PlaceRefusedError extends Error {
  readonly uri: string;

  constructor(uri: string, reason: string) {
    super(`${uri.slice(0, 256)}: ${reason}`);
    this.name = "PlaceRefusedError";
    this.uri = uri;
  }
}

/** All of 127.0.0.0/8 is this computer; so is the address of nowhere, and a name with a point at its end. */
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\]|(.+\.)?localhost)\.?$/;
/** Addresses that mean something else in every network: of RFC 1918, of a link, of a carrier, of one site. */
const PRIVATE =
  /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|\[f[cd][0-9a-f]{2}:|\[fe[89ab][0-9a-f]:|\[::ffff:)/;

const isLoopback = ({ hostname }: URL): boolean => LOOPBACK.test(hostname);
const isPrivate = ({ hostname }: URL): boolean => PRIVATE.test(hostname);

/**
 * The address to fetch from for a URI that somebody has put on chain: https, the page's own origin, or IPFS through the page's
 * gateway. This computer itself is asked by pages that are served from it alone, and private addresses by pages that are served
 * from one, so that nobody's model makes a visitor's browser knock at doors inside. Where a server sends on to, and what a name
 * stands for, a page cannot see before it asks.
 * @throws PlaceRefusedError
 */
export function placeOf(uri: string, { origin, ipfsGateway }: Surroundings): URL {
  const url = URL.parse(uri);
  if (url === null) throw new PlaceRefusedError(uri, "is not an address");
  if (url.username !== "" || url.password !== "") throw new PlaceRefusedError(uri, "holds a user name");
  if (url.protocol === "ipfs:") return gatewayPlace(uri, ipfsGateway);
  if (url.origin === origin) return url;
  const page = URL.parse(origin);
  const isOfThisComputer = page !== null && isLoopback(page);
  const isInside = page !== null && (isOfThisComputer || isPrivate(page));
  if (isLoopback(url) && !isOfThisComputer) throw new PlaceRefusedError(uri, "is on your own computer");
  if (isPrivate(url) && !isInside) throw new PlaceRefusedError(uri, "is in your own network");
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))) return url;
  throw new PlaceRefusedError(uri, `pages do not fetch from ${url.protocol} addresses`);
}

function gatewayPlace(uri: string, gateway: string | undefined): URL {
  if (gateway === undefined) throw new PlaceRefusedError(uri, "this page has no gateway to IPFS");
  const [, path = ""] = /^ipfs:\/\/(?:ipfs\/)?([A-Za-z0-9][A-Za-z0-9._/%-]*)$/.exec(uri) ?? [];
  if (path === "" || path.split("/").includes("..")) throw new PlaceRefusedError(uri, "is no path of IPFS");
  return new URL(`ipfs/${path}`, gateway.endsWith("/") ? gateway : `${gateway}/`);
}
