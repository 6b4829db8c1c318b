/** One event of a stream of server-sent events. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

const END_OF_EVENT = /\r\n\r\n|\n\n|\r\r/;

/** Reads server-sent events out of bytes as they come. Comments and other fields than `event` and `data` are left out. */
export class EventReader {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** The events that are whole with these bytes. */
  read(chunk: Uint8Array): readonly ServerEvent[] {
    const blocks = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(END_OF_EVENT);
    this.#rest = blocks.pop() ?? "";
    return blocks.map(eventIn);
  }
}

function eventIn(block: string): ServerEvent {
  const fields = block.split(/\r\n|\n|\r/).map((line) => {
    const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    return { name, value };
  });
  const valuesOf = (field: string) => fields.filter(({ name }) => name === field).map(({ value }) => value);
  return { event: valuesOf("event").at(-1) ?? "message", data: valuesOf("data").join("\n") };
}
