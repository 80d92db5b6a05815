import { describe, expect, it } from 'vitest';
import { placeOf } from '../src/app';
import type { ScreenOperator, Status } from '../src/generated/schema';
import { adaptersOf, clockWords, findingsOf, headlineOf, referenceOf, sizeOf, teamRows } from '../src/operator';
import { usOf } from '../src/time';

const now = Date.UTC(2026, 10, 22, 12, 0);
const us = (minutes: number) => usOf(now + minutes * 60_000);
const gib = (n: number) => String(n * 2 ** 30);
const well: Status = { hub: 'north', mode: 'open', freeBytes: gib(120), freeMarkBytes: gib(2), openAct: '3', nowUs: us(0),
  teams: [{ team: 'X26-MID', name: 'Midwifery', head: '9', received: '9', openAct: '3', endpointsConnected: 1 }] };
const seen = (status: Status = {}, rest: ScreenOperator = {}): ScreenOperator => ({ status: { ...well, ...status }, asOfUs: us(0), ...rest });
const whats = (o: ScreenOperator) => findingsOf(o).map((f) => `${f.weight}: ${f.what}`);

describe('health in one sentence', () => {
  it('says that all is well, and what that means', () => {
    expect(headlineOf(seen())).toBe('All is well: 3 alerts are open and none is late, all that is watched is heard, 120.0 GiB of disk are free.');
    expect(headlineOf(seen({ openAct: '0', teams: [] }))).toContain('no alert is open');
  });
  it('says whose alerts nobody has, since when, and what to do', () => {
    const late = seen({ overdue: '2', teams: [{ ...well.teams![0]!, overdue: '2', oldestOpenUs: us(-75) }] });
    expect(headlineOf(late)).toBe('2 children’s alerts have nobody who picked them up or acted in time: Midwifery. The oldest that is open came at 10:45 today. Do this: ring the teams under “About to breach”, the top one first.');
  });
  it('says one as one, and how much more there is', () => {
    const late = seen({ overdue: '1', quarantinedOpen: '4', teams: [] });
    expect(headlineOf(late)).toMatch(/^1 child’s alert has nobody who picked it up or acted in time\. Do this: .*1 more thing below\.$/);
  });
  it('does not call well what is only to be known', () => {
    expect(headlineOf(seen({ expiring: [{ principal: 'x26-pas', expires: '2026-12-01' }] }))).toMatch(/^All is well/);
  });
});

describe('each fact of `switchboard status` and `watch` is a finding with what to do', () => {
  const cases: [string, ScreenOperator, string][] = [
    ['mode', seen({ mode: 'read-only', why: 'disk' }), 'now: The hub is read-only: it takes nothing new (disk).'],
    ['a mode nobody here knows', seen({ mode: 'asleep' }), 'now: The hub is asleep.'],
    ['clock', seen({ clockFrozen: true }), 'now: The clock was stepped: deadlines are frozen, so nobody is told that an alert is late.'],
    ['disk below the mark', seen({ freeBytes: gib(1) }), 'now: 1.0 GiB of disk are free; new work is refused below 2.0 GiB.'],
    ['disk near the mark', seen({ freeBytes: gib(3) }), 'soon: Only 3.0 GiB of disk are free; new work is refused below 2.0 GiB.'],
    ['a lost tail', seen({ losses: [{ lostAfter: '40', lostThrough: '44', detectedUs: us(-5), recovering: true }] }), 'now: Lost tail: positions 41 to 44, found 11:55 today, recovering.'],
    ['one that is over', seen({ losses: [{ lostAfter: '40', lostThrough: '44', detectedUs: us(-5) }] }), 'note: Lost tail: positions 41 to 44, found 11:55 today.'],
    ['an expired key', seen({ expiring: [{ principal: 'x26-pas', expires: '2026-11-20', expired: true }] }), 'now: Key x26-pas has expired, its last day was 20 November 2026: it is not taken.'],
    ['a team nobody would hear of', seen({ teams: [{ team: 'T', name: 'Ward', head: '9', received: '4', openAct: '2' }] }), 'now: Ward has 2 open items and no system or screen of it is connected: it is behind by 5.'],
    ['parked', seen({ teams: [{ team: 'T', name: 'Ward', parked: '1', endpointsConnected: 1 }] }), 'now: Ward: its system could not use 1 item.'],
    ['a silent source', seen({}, { watch: [{ what: 'source X26/PAS', alarm: true, lastUs: us(-300), why: 'silent beyond its norm' }] }), 'now: Alerts may be missing from X26/PAS: it is silent (silent beyond its norm).'],
    ['one never heard', seen({}, { watch: [{ what: 'source X26/PAS', alarm: true }] }), 'now: Alerts may be missing from X26/PAS: never heard, it is silent.'],
    ['an unproven way', seen({}, { watch: [{ what: 'probe X26/PAS > X99-HV', alarm: true }] }), 'soon: The way X26/PAS to X99-HV is not proven.'],
    ['a silent team', seen({}, { watch: [{ what: 'endpoint X99-HV', alarm: true, why: 'away in staffed hours' }] }), 'soon: The system of X99-HV is silent (away in staffed hours).'],
    ['quarantine', seen({ quarantinedOpen: '2' }), 'now: 2 messages are in quarantine: the sender was told “accepted”, and no team was told.'],
    ['unrouted', seen({ unrouted: '3' }, { unrouted: [{ acceptedUs: us(-60) }, { acceptedUs: us(-3000) }] }), 'soon: 1 alert of the last day matched no route: only the safety-net team was told.'],
  ];
  it.each(cases)('%s', (_, o, what) => {
    expect(whats(o)).toEqual([what]);
    expect(findingsOf(o)[0]!.then).not.toBe('');
  });
  it('does not alarm for what is watched and heard', () => expect(whats(seen({}, { watch: [{ what: 'source X26/PAS', lastUs: us(-1), expectedUs: us(9) }] }))).toEqual([]));
  it('says what nobody watches, and does not call it heard', () => {
    const o = seen({}, { watch: [{ what: 'source X26/PAS', lastUs: us(-1) }, { what: 'source X99/PAS' }] });
    expect(whats(o)).toEqual(['note: Not watched, so that their silence would be no alarm: X26/PAS and X99/PAS.']);
    expect(adaptersOf(o).map((a) => a.watched)).toEqual([false, false]);
  });
  it('says a silent team once', () => {
    const o = seen({ teams: [{ team: 'T', name: 'Ward', openAct: '2' }] }, { watch: [{ what: 'endpoint T', alarm: true }] });
    expect(whats(o)).toHaveLength(1);
  });
  it('has the heaviest first', () => {
    const o = seen({ freeBytes: gib(3), overdue: '1', expiring: [{ principal: 'p', expires: '2026-12-01' }] });
    expect(findingsOf(o).map((f) => f.weight)).toEqual(['now', 'soon', 'note']);
  });
});

describe('tables', () => {
  it('brings keys, silence and probes of one system together, the silent first', () => {
    const rows = adaptersOf(seen({ sources: [{ agency: 'X26', system: 'PAS', lastSeenUs: us(-9), connected: true, accepted: '4' }, { agency: 'X26', system: 'PAS', lastSeenUs: us(-3), accepted: '2', quarantined: '1' }] }, { watch: [
      { what: 'source X99/PAS', alarm: true, why: 'silent' }, { what: 'source X26/PAS', lastUs: us(-3), expectedUs: us(9), why: 'key x26-pas' },
      { what: 'probe X26/PAS > X99-HV', lastUs: us(-7) }, { what: 'endpoint X99-HV', alarm: true }] }));
    expect(rows.map((r) => [r.name, r.alarm])).toEqual([['X99/PAS', true], ['X26/PAS', false]]);
    expect(rows[1]).toEqual({ name: 'X26/PAS', lastUs: us(-3), connected: true, watched: true, alarm: false, why: 'key x26-pas', accepted: 6, quarantined: 1, proofs: [{ team: 'X99-HV', lastUs: us(-7), alarm: false, why: '' }] });
  });
  it('has late teams first, then those nobody would hear of', () => {
    const rows = teamRows({ teams: [{ team: 'a', endpointsConnected: 1 }, { team: 'b', openAct: '1' }, { team: 'c', overdue: '1', endpointsConnected: 1 }] });
    expect(rows.map((t) => t.team)).toEqual(['c', 'b', 'a']);
  });
  it('writes a reference as people quote it', () => expect(referenceOf('AZin4kEAgAGAAAAAAAAAAQ==')).toBe('0198a7e2-4100-8001-8000-000000000001'));
  it('knows no size, clock or word that it would hide', () => {
    expect([sizeOf('512'), sizeOf(undefined), sizeOf('1536')]).toEqual(['512 B', '0 B', '1.5 KiB']);
    expect([clockWords('acknowledge'), clockWords('strange'), clockWords('')]).toEqual(['To be picked up', 'strange', 'Not said']);
  });
});

describe('the page', () => {
  it('has a place of its own, below no team', () => {
    expect(placeOf(new URL('https://x/operator'))).toMatchObject({ team: '', page: 'operator' });
    expect(placeOf(new URL('https://x/teams/HV/sent'))).toMatchObject({ team: 'HV', page: 'sent' });
  });
});
