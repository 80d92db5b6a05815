import { describe, expect, it } from 'vitest';
import { asked, blank, sendOf, wrongWith } from '../src/forms';
import { idleState } from '../src/idle';
import { ageOf, clockOf, dateOf, isoDate, lasted, usOf, whenOf } from '../src/time';
import { grouped, ordered, sectionOf, sorted, waiting } from '../src/view';
import type { Alert, Notice } from '../src/generated/schema';
import { hexOf, kindOf, nhsNumber, nhsNumberGood, telOf } from '../src/words';

const now = Date.UTC(2026, 10, 22, 12, 0);
const us = (minutes: number) => usOf(now + minutes * 60_000);
const alert = (number: number, notice: Notice, child = ''): Alert => ({
  number: String(number), child, notice: { attention: 'ATTENTION_ACT', state: 'DELIVERY_STATE_RECEIVED', acceptedUs: us(number), ...notice },
});

describe('time', () => {
  it('is London time over the clock change', () => {
    expect(clockOf(usOf(Date.UTC(2026, 9, 25, 0, 30)))).toBe('01:30');
    expect(clockOf(usOf(Date.UTC(2026, 9, 25, 1, 30)))).toBe('01:30');
    expect(dateOf(usOf(Date.UTC(2026, 4, 1, 23, 30)))).toBe('2 May 2026');
  });
  it('leaves the date out of today only', () => {
    expect(whenOf(us(-60), now)).toBe('11:00 today');
    expect(whenOf(us(-60 * 24), now)).toBe('12:00 on 21 November 2026');
    expect(whenOf('0', now)).toBe('not known');
  });
  it('does not move a date of birth', () => expect(isoDate('2026-05-02')).toBe('2 May 2026'));
  it.each([['2026-11-20', '2 days'], ['2026-10-20', '4 weeks'], ['2026-05-02', '6 months'], ['2020-11-23', '5 years'], ['2020-11-22', '6 years'], ['', '']])('%s is %s old', (d, a) => expect(ageOf(d, now)).toBe(a));
  it('says how long in words', () => expect([30e3, 60e3, 3600e3 * 6, 86400e3 * 3].map(lasted)).toEqual(['less than a minute', '1 minute', '6 hours', '3 days']));
});

describe('words', () => {
  it('writes an NHS number 3-3-4 and checks it', () => {
    expect(nhsNumber('9126040018')).toBe('912 604 0018');
    expect(nhsNumberGood('912 604 0018')).toBe(true);
    expect(nhsNumberGood('9126040019')).toBe(false);
    expect(nhsNumberGood('1111111111')).toBe(false);
  });
  it('shows a kind nobody knows', () => expect(kindOf('new_thing')).toBe('New thing'));
  it('dials and names', () => { expect(telOf('01632 960 121')).toBe('tel:01632960121'); expect(hexOf('AP8=')).toBe('00ff'); });
});

describe('order', () => {
  const late = alert(1, { acknowledgeByUs: us(-5) });
  const hot = alert(2, { urgency: 'URGENCY_IMMEDIATE' });
  const old = alert(3, {});
  const fresh = alert(4, {});
  it('is overdue, immediate, newest', () => expect(sorted([old, hot, fresh, late], now).map((a) => a.number)).toEqual(['1', '2', '4', '3']));
  it('puts a child where its most important alert stands', () => {
    const list = sorted([alert(1, { acknowledgeByUs: us(-5) }, 'a'), alert(9, {}, 'a'), alert(5, {}, 'b'), alert(6, {}), alert(7, {})], now);
    expect(grouped(list).map((c) => c.alerts.map((a) => a.number))).toEqual([['1', '9'], ['7'], ['6'], ['5']]);
  });
  it('knows whose it is', () => {
    expect(sectionOf(old, 'me')).toBe('unclaimed');
    expect(sectionOf(alert(1, { state: 'DELIVERY_STATE_ACKNOWLEDGED', pickedUpBy: { person: 'me' } }), 'me')).toBe('mine');
    expect(sectionOf(alert(1, { state: 'DELIVERY_STATE_ACKNOWLEDGED', pickedUpBy: { person: 'you' } }), 'me')).toBe('others');
    expect(sectionOf(alert(1, { handedTo: 'X', pickedUpBy: { person: 'me' } }), 'me')).toBe('others');
    expect(sectionOf(alert(1, { attention: 'ATTENTION_SEE' }), 'me')).toBe('information');
  });
  it('lets new ones and risen ones wait above', () => {
    const board = new Map([late, hot, old].map((a) => [a.number!, a]));
    const view = ordered([old, alert(1, { acknowledgeByUs: us(5) })], now);
    expect(waiting(board, view.order, view.ranks, now)).toEqual({ fresh: 1, immediate: 1, risen: 1 });
  });
});

describe('lock', () => {
  it('warns two minutes before, then locks', () => {
    expect([0, 779, 780, 899, 900].map((s) => idleState(0, s * 1000, 900, 120))).toEqual(['active', 'active', 'warning', 'warning', 'locked']);
  });
});

describe('send', () => {
  const good = { ...blank, family: 'Harrow', given: 'Nia', birthDate: '2026-05-02', text: 't', significance: 's', childVoiceAbsent: 'young', stage: 'actual', threshold: 'THRESHOLD_VIEW_NOT_MET', urgency: 'URGENCY_URGENT', phone: '01632 960121', familyInformed: 'FAMILY_INFORMED_YES', viewsSought: 'VIEWS_SOUGHT_YES' };
  it('wants what the hub wants', () => {
    expect(wrongWith(blank).map(([f]) => f)).toEqual(['family', 'birthDate', 'text', 'significance', 'childVoiceAbsent', 'stage', 'threshold', 'urgency', 'phone', 'familyInformed', 'viewsSought']);
    expect(wrongWith(good)).toEqual([]);
    expect(wrongWith({ ...good, familyInformed: 'FAMILY_INFORMED_UNSAFE' }).map(([f]) => f)).toEqual(['familyReason']);
    expect(wrongWith({ ...good, when: '2999-01-01T10:00' }).map(([f]) => f)).toEqual(['when']);
    expect(wrongWith({ ...good, nhs: '123' }).map(([f]) => f)).toEqual(['nhs']);
  });
  it('is an event in the hub’s words', () => {
    const sent = sendOf({ ...good, nhs: '912 604 0018' }, 'ab', 'X26-ED', now);
    expect(sent.header?.recordedUs).toBe(sent.header?.occurred?.earliestUs);
    expect(Number(sendOf({ ...good, when: '2026-01-01T10:00' }, 'ab', 'T', now).header?.occurred?.earliestUs)).toBeLessThan(now * 1000);
    expect(sent.header).toMatchObject({ kind: 'concern', fromTeam: 'X26-ED', urgency: 'URGENCY_URGENT', callBack: { phone: '01632 960121' } });
    expect(sent.identity?.identifiers?.[0]).toMatchObject({ value: '9126040018', verification: 'VERIFICATION_UNVERIFIED' });
    expect(sent.detail?.concern?.threshold).toBe('THRESHOLD_VIEW_NOT_MET');
    expect(sendOf({ ...good, kind: 'referral', referredTo: 'MASH' }, 'ab', 'T', now).detail?.referral?.referredTo).toBe('MASH');
  });
  it('is a call of its own kind', () => {
    const call = { ...good, kind: 'call_logged' as const, stage: '', threshold: '' };
    expect(wrongWith(call).map(([f]) => f)).toEqual(['direction', 'withWhom']);
    const sent = sendOf({ ...call, direction: 'CALL_DIRECTION_RECEIVED', withWhom: ' Duty desk ', agreed: 'They visit' }, 'ab', 'T', now);
    expect(sent.header).toMatchObject({ kind: 'call_logged', channel: 'CHANNEL_PHONE' });
    expect(sent.detail).toEqual({ callLogged: { direction: 'CALL_DIRECTION_RECEIVED', withWhom: 'Duty desk', at: sent.header?.occurred, agreed: 'They visit' } });
  });
  it('says what is asked of it: views, one more team, a protected address', () => {
    const sent = sendOf({ ...good, directTo: 'X70-MASH', protectedAddress: true }, 'ab', 'T', now);
    expect(sent.header).toMatchObject({ viewsSought: 'VIEWS_SOUGHT_YES', directTo: ['X70-MASH'], protectedAddress: true });
    expect(sendOf(good, 'ab', 'T', now).header?.directTo).toBeUndefined();
  });
  const prompts = [{ id: 'household', kinds: ['concern'], question: 'Who else?', mandatory: true }, { id: 'any', question: 'Anything else?' }];
  it('asks what policy has asked of its kind, and needs what is mandatory', () => {
    expect(asked(prompts, 'referral').map((p) => p.id)).toEqual(['any']);
    expect(wrongWith(good, prompts).map(([f]) => f)).toEqual(['answers.household']);
    expect(wrongWith({ ...good, answers: { household: ' ' } }, prompts)).toHaveLength(1);
    expect(wrongWith({ ...good, answers: { household: 'not known' } }, prompts)).toEqual([]);
    expect(wrongWith({ ...good, kind: 'referral', referredTo: 'MASH' }, prompts)).toEqual([]);
  });
  it('sends an answer with its question, and none that was not given or not asked', () => {
    const answers = { household: ' an aunt ', any: '', old: 'of another kind' };
    expect(sendOf({ ...good, answers }, 'ab', 'T', now, prompts).detail?.answers).toEqual([{ prompt: 'household', question: 'Who else?', answer: 'an aunt' }]);
    expect(sendOf(good, 'ab', 'T', now, prompts).detail?.answers).toBeUndefined();
  });
});
