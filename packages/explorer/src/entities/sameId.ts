/** Whether two ids or addresses are the same, whatever the case of their letters; nothing is the same as none. */
export const sameId = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();
