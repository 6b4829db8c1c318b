const DAY = 86_400;

const MINUTE = 60;

/** A tick of a time axis: a day if ticks are days apart or at its begin, else hour and minute, and seconds where minutes would repeat. */
export function timeTick(at: number, seconds: number): string {
  const date = new Date(at * 1000);
  const isMidnight = date.getHours() + date.getMinutes() + date.getSeconds() === 0;
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  const options: Intl.DateTimeFormatOptions =
    seconds >= DAY || isMidnight
      ? { day: "numeric", month: "short" }
      : seconds >= MINUTE
        ? time
        : { ...time, second: "2-digit" };
  return new Intl.DateTimeFormat("en-GB", options).format(date);
}
