/** Stands in for the tables behind names of accounts, which this page does not resolve. */
function refuse(name: string): never {
  throw new Error(`Names are not resolved: give the address of ${name}.`);
}

export { refuse as ens_beautify, refuse as ens_normalize };
