// How the hub is, in plain words, from what its admin socket says. Pure. The facts and words are those of
// `switchboard status` and `switchboard watch`, so that screen, command line and runbooks agree.
import type * as S from './generated/schema';
import { isoDate, ms, whenOf } from './time';
import { hexOf } from './words';

// now: children's alerts are late or missing; soon: they will be, or may be; note: only to be known.
export type Weight = 'now' | 'soon' | 'note';
export interface Finding { weight: Weight; what: string; then: string }

const kDay = 86_400_000;
const n = (value: string | number | undefined): number => Number(value ?? 0);
export const count = (value: number, one: string, several: string): string => `${value} ${value === 1 ? one : several}`;
const listed = (all: string[]): string => (all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`);

export function sizeOf(bytes: string | undefined): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = n(bytes);
  let unit = 0;
  for (; value >= 1024 && unit + 1 < units.length; unit += 1) value /= 1024;
  return `${unit ? value.toFixed(1) : value} ${units[unit]}`;
}

// An event's id in the form that people quote and that the command line takes.
export const referenceOf = (eventId: string | undefined): string =>
  hexOf(eventId).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

export const behindOf = (t: S.TeamStatus): number => Math.max(0, n(t.head) - n(t.received));
const teamName = (t: S.TeamStatus): string => t.name || t.team || 'a team';

// ---- what is wrong ---------------------------------------------------------------------------------

const modes: Record<string, [Weight, string, string]> = {
  recovering: ['now', 'The hub is recovering: clocks stand still until its clients have said what they hold',
    'wait ten minutes at most, then see runbook lost-tail (switchboard hub release --reason TEXT ends it)'],
  'read-only': ['now', 'The hub is read-only: it takes nothing new', 'ring the teams; runbooks disk-full and damaged'],
  draining: ['soon', 'The hub is stopping: it takes nothing new', 'runbook stop'],
};
function modeOf(s: S.Status): Finding[] {
  if (s.mode === 'open') return [];
  const [weight, what, then] = modes[s.mode ?? ''] ?? ['now', `The hub is ${s.mode || 'in a state it does not name'}`, 'switchboard status'];
  return [{ weight, what: `${what}${s.why ? ` (${s.why})` : ''}.`, then }];
}

function lateOf(s: S.Status, now: number): Finding[] {
  const late = (s.teams ?? []).filter((t) => n(t.overdue));
  const total = n(s.overdue);
  if (!total) return [];
  const oldest = late.filter((t) => ms(t.oldestOpenUs)).sort((a, b) => ms(a.oldestOpenUs) - ms(b.oldestOpenUs))[0];
  const since = oldest ? ` The oldest that is open came at ${whenOf(oldest.oldestOpenUs, now)}.` : '';
  return [{ weight: 'now',
    what: `${count(total, 'child’s alert', 'children’s alerts')} ${total === 1 ? 'has' : 'have'} nobody who picked ${total === 1 ? 'it' : 'them'} up or acted in time${late.length ? `: ${listed(late.slice(0, 5).map(teamName))}${late.length > 5 ? ' and others' : ''}` : ''}.${since}`,
    then: 'ring the teams under “About to breach”, the top one first' }];
}

function machineOf(s: S.Status, now: number): Finding[] {
  const out: Finding[] = [];
  if (s.clockFrozen) {
    out.push({ weight: 'now', what: 'The clock was stepped: deadlines are frozen, so nobody is told that an alert is late.',
      then: 'look whether the hub’s clock is right now, then switchboard hub accept-clock --reason TEXT' });
  }
  const free = n(s.freeBytes);
  const mark = n(s.freeMarkBytes);
  if (free < mark) out.push({ weight: 'now', what: `${sizeOf(s.freeBytes)} of disk are free; new work is refused below ${sizeOf(s.freeMarkBytes)}.`, then: 'make room: runbook disk-full' });
  else if (free < 2 * mark) out.push({ weight: 'soon', what: `Only ${sizeOf(s.freeBytes)} of disk are free; new work is refused below ${sizeOf(s.freeMarkBytes)}.`, then: 'make room: runbook disk-full' });
  for (const loss of s.losses ?? []) {
    out.push({ weight: loss.recovering ? 'now' : 'note',
      what: `Lost tail: positions ${n(loss.lostAfter) + 1} to ${n(loss.lostThrough)}, found ${whenOf(loss.detectedUs, now)}${loss.recovering ? ', recovering' : ''}.`,
      then: loss.recovering ? 'runbook lost-tail' : 'runbook lost-tail, if nobody has been through it yet' });
  }
  return out;
}

// Items that no screen shows, because nobody of the team is connected.
const unheard = (s: S.Status): S.TeamStatus[] => (s.teams ?? []).filter((t) => n(t.openAct) > 0 && !t.endpointsConnected);

function teamsOf(s: S.Status): Finding[] {
  const out = unheard(s).map((t): Finding => ({ weight: 'now',
    what: `${teamName(t)} has ${count(n(t.openAct), 'open item', 'open items')} and no system or screen of it is connected${behindOf(t) ? `: it is behind by ${behindOf(t)}` : ''}.`,
    then: 'ring the team and tell it; then look at its system or screen (runbooks watch and screen)' }));
  for (const t of s.teams ?? []) {
    if (n(t.parked)) out.push({ weight: 'now', what: `${teamName(t)}: its system could not use ${count(n(t.parked), 'item', 'items')}.`, then: `switchboard parked ls --team ${t.team}, runbook parked` });
  }
  return out;
}

function silentOf(o: S.ScreenOperator): Finding[] {
  const said = new Set(unheard(o.status ?? {}).map((t) => `endpoint ${t.team}`));
  return (o.watch ?? []).filter((w) => w.alarm && !said.has(w.what ?? '')).map((w): Finding => {
    const never = ms(w.lastUs) ? '' : ' never heard,';
    const [sort, name] = [(w.what ?? '').split(' ')[0], (w.what ?? '').replace(/^\S+ /, '')];
    const why = w.why ? ` (${w.why})` : '';
    if (sort === 'probe') return { weight: 'soon', what: `The way ${name.replace(' > ', ' to ')} is not proven${why}.`, then: 'runbook watch' };
    if (sort === 'endpoint') return { weight: 'soon', what: `The system of ${name} is silent${why}.`, then: 'ring the team, then runbook watch' };
    return { weight: 'now', what: `Alerts may be missing from ${name}:${never} it is silent${why}.`, then: 'ask that trust to ring the teams, then runbook watch' };
  });
}

// Without a norm nobody waits for it: then silence is no alarm, and no comfort either.
const watched = (w: S.WatchRow): boolean => Boolean(w.alarm) || ms(w.expectedUs) > 0;
function unwatchedOf(o: S.ScreenOperator): Finding[] {
  const all = (o.watch ?? []).filter((w) => w.what?.startsWith('source ') && !watched(w)).map((w) => w.what!.replace('source ', ''));
  if (!all.length) return [];
  return [{ weight: 'note', what: `Not watched, so that ${all.length === 1 ? 'its' : 'their'} silence would be no alarm: ${listed(all)}.`, then: 'state a norm (quiet_after_s) for the key of each live feed, runbook watch' }];
}

function queuesOf(o: S.ScreenOperator, now: number): Finding[] {
  const out: Finding[] = [];
  const held = n(o.status?.quarantinedOpen);
  if (held) out.push({ weight: 'now', what: `${count(held, 'message is', 'messages are')} in quarantine: the sender was told “accepted”, and no team was told.`, then: 'tell the sender’s safeguarding team by telephone which (below), runbook quarantine' });
  const recent = (o.unrouted ?? []).filter((row) => now - ms(row.acceptedUs) < kDay).length;
  if (recent) out.push({ weight: 'soon', what: `${count(recent, 'alert', 'alerts')} of the last day matched no route: only the safety-net team was told.`, then: 'switchboard unrouted ls, and see whether a route, a practice or an area is missing' });
  return out;
}

function keysOf(s: S.Status): Finding[] {
  return (s.expiring ?? []).map((k): Finding => (k.expired
    ? { weight: 'now', what: `Key ${k.principal} has expired, its last day was ${isoDate(k.expires)}: it is not taken.`, then: 'renew or revoke it: switchboard key ls, runbook keys' }
    : { weight: 'note', what: `Key ${k.principal} expires: its last day is ${isoDate(k.expires)}.`, then: 'renew it: switchboard key ls, runbook keys' }));
}

const weights: Weight[] = ['now', 'soon', 'note'];
// The heaviest first; among equals what is nearest to children.
export function findingsOf(o: S.ScreenOperator): Finding[] {
  const now = ms(o.asOfUs);
  const s = o.status ?? {};
  const all = [...modeOf(s), ...lateOf(s, now), ...teamsOf(s), ...silentOf(o), ...queuesOf(o, now), ...machineOf(s, now), ...keysOf(s), ...unwatchedOf(o)];
  return weights.flatMap((w) => all.filter((f) => f.weight === w));
}

// One sentence: whether somebody must do something, and what first.
export function headlineOf(o: S.ScreenOperator, all = findingsOf(o)): string {
  const found = all.filter((f) => f.weight !== 'note');
  const s = o.status ?? {};
  const first = found[0];
  if (!first) {
    const open = n(s.openAct);
    return `All is well: ${open ? `${count(open, 'alert is', 'alerts are')} open and none is late` : 'no alert is open'}, all that is watched is heard, ${sizeOf(s.freeBytes)} of disk are free.`;
  }
  const more = found.length > 1 ? ` ${count(found.length - 1, 'more thing', 'more things')} below.` : '';
  return `${first.what} Do this: ${first.then}.${more}`;
}

// ---- tables ----------------------------------------------------------------------------------------

export interface Proof { team: string; lastUs: string | undefined; alarm: boolean; why: string }
export interface Adapter {
  name: string; lastUs: string | undefined; connected: boolean; watched: boolean; alarm: boolean; why: string; accepted: number; quarantined: number; proofs: Proof[];
}
const later = (a: string | undefined, b: string | undefined) => (ms(a) >= ms(b) ? a : b);

// One row per source system: its keys, its silence and its probes belong together.
export function adaptersOf(o: S.ScreenOperator): Adapter[] {
  const all = new Map<string, Adapter>();
  const of = (name: string): Adapter => {
    const known = all.get(name) ?? { name, lastUs: undefined, connected: false, watched: false, alarm: false, why: '', accepted: 0, quarantined: 0, proofs: [] };
    all.set(name, known);
    return known;
  };
  for (const source of o.status?.sources ?? []) {
    const row = of(`${source.agency ?? ''}/${source.system ?? ''}`);
    row.lastUs = later(row.lastUs, source.lastSeenUs);
    row.connected ||= Boolean(source.connected);
    row.accepted += n(source.accepted);
    row.quarantined += n(source.quarantined);
  }
  for (const w of o.watch ?? []) {
    const [, sort, name, team] = /^(source|probe) (\S+)(?: > (.+))?$/.exec(w.what ?? '') ?? [];
    if (!name) continue;
    const row = of(name);
    if (sort === 'probe') {
      row.proofs.push({ team: team ?? '', lastUs: w.lastUs, alarm: Boolean(w.alarm), why: w.why ?? '' });
      continue;
    }
    row.lastUs = later(row.lastUs, w.lastUs);
    row.watched ||= watched(w);
    row.alarm ||= Boolean(w.alarm);
    if (w.alarm || !row.why) row.why = w.why ?? '';
  }
  const trouble = (a: Adapter) => (a.alarm ? 2 : 0) + (a.proofs.some((p) => p.alarm) ? 1 : 0);
  return [...all.values()].sort((a, b) => trouble(b) - trouble(a) || a.name.localeCompare(b.name));
}

// Those with something late first, then those that nobody would hear of, then by name.
export const teamRows = (s: S.Status | undefined): S.TeamStatus[] => {
  const rank = (t: S.TeamStatus) => (n(t.overdue) ? 0 : n(t.openAct) && !t.endpointsConnected ? 1 : n(t.parked) || behindOf(t) ? 2 : 3);
  return [...(s?.teams ?? [])].sort((a, b) => rank(a) - rank(b) || teamName(a).localeCompare(teamName(b)));
};

const clocks: Record<string, string> = { acknowledge: 'To be picked up', action: 'To be acted on', receive: 'To be received', call: 'To be rung', reply: 'To be answered', review: 'To be reviewed' };
export const clockWords = (clock: string | undefined): string => clocks[clock ?? ''] ?? (clock || 'Not said');
