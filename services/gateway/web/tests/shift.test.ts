import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert, AttendanceDay, Notice } from '../src/generated/schema';
import { agreement, outcomeOf, rowsOf, standing } from '../src/reviews';
import { countOf, dutyAt, shiftOf } from '../src/shift';
import { usOf, weekOf } from '../src/time';

const now = Date.UTC(2026, 10, 22, 12, 0);
const us = (minutes: number) => usOf(now + minutes * 60_000);
const alert = (number: number, notice: Notice): Alert => ({
  number: String(number), notice: { attention: 'ATTENTION_ACT', state: 'DELIVERY_STATE_RECEIVED', urgency: 'URGENCY_ROUTINE', acceptedUs: us(-number), ...notice },
});
const numbers = (alerts: Alert[]) => alerts.map((a) => a.number);

describe('what a shift hands over', () => {
  const all = [
    alert(1, { acknowledgeByUs: us(-5) }), alert(2, { acknowledgeByUs: us(5) }), alert(3, { urgency: 'URGENCY_IMMEDIATE' }),
    alert(4, { state: 'DELIVERY_STATE_ACKNOWLEDGED', pickedUpBy: { person: 'b', name: 'Bea' } }),
    alert(5, { state: 'DELIVERY_STATE_ACTIONED', pickedUpBy: { person: 'a', name: 'Al' } }),
    alert(6, { handedTo: 'X99-HV' }), alert(7, { attention: 'ATTENTION_SEE' }),
  ];
  it('puts each alert in one place, overdue before all else, immediate before routine', () => {
    const shift = shiftOf(all, [], undefined, now);
    expect(numbers(shift.overdue)).toEqual(['1']);
    expect(numbers(shift.unclaimed)).toEqual(['3', '2']);
    expect(shift.held.map((h) => [h.name, numbers(h.alerts)])).toEqual([['Al', ['5']], ['Bea', ['4']]]);
    expect(numbers(shift.offered)).toEqual(['6']);
    expect(countOf(shift)).toEqual({ open: 6, immediate: 1 });
  });
  it('loses no alert that is not for information only, whatever its state', () => {
    const states = fc.constantFrom('DELIVERY_STATE_QUEUED', 'DELIVERY_STATE_RECEIVED', 'DELIVERY_STATE_OPENED', 'DELIVERY_STATE_ACKNOWLEDGED', 'DELIVERY_STATE_ACTIONED' as const);
    const notice = fc.record({ state: states, attention: fc.constantFrom('ATTENTION_ACT', 'ATTENTION_SEE' as const), handedTo: fc.constantFrom('', 'X99-HV'), acknowledgeByUs: fc.constantFrom('0', us(-9), us(9)), actionByUs: fc.constantFrom('0', us(-9)), pickedUpBy: fc.constantFrom(undefined, { person: 'p' }) });
    fc.assert(fc.property(fc.array(notice, { maxLength: 20 }), (notices) => {
      const alerts = notices.map((n, i) => alert(i, n as Notice));
      expect(countOf(shiftOf(alerts, [], undefined, now)).open).toBe(alerts.filter((a) => a.notice?.attention === 'ATTENTION_ACT').length);
    }));
  });
  it('names who has not picked up in time what we sent', () => {
    const late = { team: 'A', attention: 'ATTENTION_ACT', state: 'DELIVERY_STATE_OPENED', acknowledgeByUs: us(-1) } as const;
    const sent = { items: [{ position: '1', recipients: [late, { ...late, team: 'B', state: 'DELIVERY_STATE_ACKNOWLEDGED' as const }, { ...late, team: 'C', attention: 'ATTENTION_SEE' as const }] }] };
    expect(shiftOf([], [], sent, now).notPickedUp.map((n) => n.who.map((w) => w.team))).toEqual([['A']]);
  });
  it('knows who is on duty now and who is next', () => {
    const spans = [{ fromUs: us(600), toUs: us(900), name: 'Later' }, { fromUs: us(-60), toUs: us(60), name: 'Now' }, { fromUs: us(60), toUs: us(120), name: 'Next' }];
    expect(dutyAt(spans, now)).toEqual({ now: [spans[1]], next: spans[2] });
  });
});

describe('the week', () => {
  it('begins today and puts a night in both of its days', () => {
    const week = weekOf([{ fromUs: us(9 * 60), toUs: us(20 * 60), name: 'Night' }], now);
    expect(week.map((d) => [d.day, d.spans.length])).toEqual([['Sunday', 1], ['Monday', 1], ['Tuesday', 0], ['Wednesday', 0], ['Thursday', 0], ['Friday', 0], ['Saturday', 0]]);
  });
  it('has seven different days when the clocks change', () => {
    for (const at of [Date.UTC(2026, 9, 23, 23, 30), Date.UTC(2026, 2, 27, 0, 30)]) expect(new Set(weekOf([], at).map((d) => d.date)).size).toBe(7);
  });
});

describe('the safety net', () => {
  const day: AttendanceDay = { day: '2026-11-21', agency: 'X26', system: 'ED', fed: '5', fedUs: us(-60), accepted: '5', here: '5', agrees: true };
  it.each([
    [{ ...day }, 'Agrees'],
    [{ ...day, agrees: false, accepted: '4', here: '4' }, '1 attendance has not reached the hub: ring the operator'],
    [{ ...day, agrees: false, accepted: '4', here: '4', waiting: '1' }, '1 on the way from the adapter'],
    [{ ...day, agrees: false, here: '3' }, '2 attendances were not sent to this team: ask the operator to look at its routes'],
    [{ ...day, agrees: false, quarantined: '1' }, '1 message of this source cannot be read: ask the operator to look at the quarantine'],
    [{ ...day, agrees: false, fed: '0', fedUs: '0' }, 'the feed has not told its count: ring the operator'],
    [{ ...day, agrees: false, here: '6' }, 'more is here than was counted: tell the operator'],
  ])('says what is wrong with a day, %#', (d, text) => expect(agreement(d)).toEqual({ agrees: text === 'Agrees', text }));
  it('never calls a day that the hub does not call so an agreement', () => expect(agreement({ ...day, agrees: false }).agrees).toBe(false));
  it('asks for an outcome', () => {
    expect(outcomeOf('', 'x')).toHaveProperty('problem');
    expect(outcomeOf('other', '  ')).toHaveProperty('problem');
    expect(outcomeOf('other', ' seen ')).toEqual({ outcome: 'seen' });
    expect(outcomeOf('No further action', 'known to us')).toEqual({ outcome: 'No further action. known to us' });
  });
  it('ties a review to its attendance by the number, not by the order', () => {
    const rows = rowsOf([{ number: '9' }, { number: '4' }], { rows: [{ number: '4', outcome: 'four' }, { number: '9', outcome: 'nine' }] });
    expect(rows.map((r) => r.review.outcome)).toEqual(['nine', 'four']);
  });
  it('says how it stands', () => {
    expect(standing({})).toBe('Every attendance is reviewed.');
    expect(standing({ unreviewed: '1' })).toBe('1 attendance is not reviewed.');
    expect(standing({ unreviewed: '3', overdue: '2' })).toBe('3 attendances are not reviewed, 2 overdue.');
  });
});
