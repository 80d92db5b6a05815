// Times as people in Britain read them: "2 May 2026", 24 hours, Europe/London. Inputs are strings of
// microseconds, as the hub's JSON carries them; "" and "0" mean not known.
const zone = 'Europe/London';
const date = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'long', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const seconds = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const isoToday = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'long' });

export type Us = string | undefined;

export const ms = (us: Us): number => (us ? Math.floor(Number(us) / 1000) : 0);
export const usOf = (at: number): string => String(Math.round(at * 1000));
export const dateOf = (us: Us): string => (ms(us) ? date.format(ms(us)) : 'not known');
export const clockOf = (us: Us): string => (ms(us) ? clock.format(ms(us)) : 'not known');
export const clockSeconds = (at: number): string => seconds.format(at);
export const dayOf = (us: Us): string => weekday.format(ms(us));

export interface Span { fromUs?: Us; toUs?: Us }
export interface WeekDay<T> { day: string; date: string; spans: T[] }
// Seven days of London from today on, each with the spans that touch it. Counted by date, as a day is 23 or
// 25 hours long when the clocks change; noon is in the right day all the same.
export function weekOf<T extends Span>(spans: readonly T[], now: number): WeekDay<T>[] {
  const [year = 0, month = 0, first = 0] = isoToday.format(now).split('-').map(Number);
  return [...Array(7).keys()].map((n) => {
    const noon = Date.UTC(year, month - 1, first + n, 12);
    const name = date.format(noon);
    const touches = (span: T) => {
      const days = [date.format(Math.max(ms(span.fromUs), ms(span.toUs) - 1))];
      for (let at = ms(span.fromUs); at < ms(span.toUs); at += 3_600_000) days.push(date.format(at));
      return days.includes(name);
    };
    return { day: weekday.format(noon), date: name, spans: spans.filter(touches) };
  });
}

// The date is left out of what happened today.
export function whenOf(us: Us, now: number): string {
  if (!ms(us)) return 'not known';
  return dateOf(us) === date.format(now) ? `${clockOf(us)} today` : `${clockOf(us)} on ${dateOf(us)}`;
}

export function lasted(span: number): string {
  const minutes = Math.floor(Math.max(0, span) / 60_000);
  const several = (n: number, unit: string) => `${n} ${unit}${n === 1 ? '' : 's'}`;
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return several(minutes, 'minute');
  if (minutes < 48 * 60) return several(Math.floor(minutes / 60), 'hour');
  return several(Math.floor(minutes / 1440), 'day');
}

// "2026-05-02" is a date, not an instant: no time zone may move it.
export function isoDate(iso: string | undefined): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso ?? '');
  if (!match) return iso || 'not known';
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' }).format(
    Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])),
  );
}

// As the NHS writes ages: days under four weeks, weeks under a year's first quarter, months under two.
export function ageOf(iso: string | undefined, now: number): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso ?? '');
  if (!match) return '';
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const days = Math.floor((now - Date.UTC(year, month - 1, day)) / 86_400_000);
  if (days < 0) return '';
  if (days < 28) return `${days} ${days === 1 ? 'day' : 'days'}`;
  const today = new Date(now);
  let months = (today.getUTCFullYear() - year) * 12 + today.getUTCMonth() + 1 - month;
  if (today.getUTCDate() < day) months -= 1;
  if (months < 3) return `${Math.floor(days / 7)} weeks`;
  if (months < 24) return `${months} months`;
  return `${Math.floor(months / 12)} years`;
}
