/** Control characters, what has no width, and what turns the direction of writing: they make one text look like another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/** Text with its invisible characters spelled out, such as `⟨U+202E⟩`. */
export function visibleText(text: string): string {
  return text.replaceAll(UNSEEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** The address if it may be followed from a page: https alone, without a user in it; undefined for all others. */
export function followable(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, username, password, href } = new URL(uri);
  return protocol === "https:" && username === "" && password === "" ? href : undefined;
}
