import { describe, expect, it } from 'vitest';
import { addressProtected, factsOf, isSecret } from '../src/facts';
import type { Alert, ChildStep, JourneyStep } from '../src/generated/schema';
import { matching, moments, shownOf, shownQuery, withOlder } from '../src/timeline';
import { stepOf } from '../src/words';

const alert = (number: number, at: number, kind = 'concern', agency = 'X26'): Alert =>
  ({ number: String(number), header: { kind, agency }, notice: { acceptedUs: String(at * 1000) } });
const step = (number: number, at: number, rest: JourneyStep = {}): ChildStep => ({ number: String(number), step: { atUs: String(at * 1000), ...rest } });
const keys = (alerts: Alert[], steps: ChildStep[]) => moments(alerts, steps).map((m) => m.key);
const everything = { kind: '', agency: '', acts: true };

describe('timeline', () => {
  const alerts = [alert(7, 50, 'admission', 'X99'), alert(3, 10)];
  const steps = [step(7, 60), step(3, 20), step(3, 55)];
  it('is events and acts in one line, newest first', () => expect(keys(alerts, steps)).toEqual(['7-0', '3-2', '7', '3-1', '3']));
  it('puts an act above the event it is about, and acts of one instant as they came', () =>
    expect(keys([alert(3, 10)], [step(3, 10), step(3, 10)])).toEqual(['3-1', '3-0', '3']));
  it('shows no act on what is not shown', () => expect(keys(alerts, [step(99, 60)])).toEqual(['7', '3']));
  it('is filtered by kind, by agency, and to events; acts go with their event', () => {
    const all = moments(alerts, steps);
    const of = (shown: object) => matching(all, { ...everything, ...shown }).map((m) => m.key);
    expect(of({})).toHaveLength(5);
    expect(of({ kind: 'admission' })).toEqual(['7-0', '7']);
    expect(of({ agency: 'X26' })).toEqual(['3-2', '3-1', '3']);
    expect(of({ acts: false })).toEqual(['7', '3']);
  });
  it('keeps in the address what it shows, and no child', () => {
    const shown = { kind: 'concern', agency: 'X26', acts: false };
    expect(shownQuery(shown)).toBe('?kind=concern&agency=X26&show=events');
    expect(shownOf(new URLSearchParams(shownQuery(shown)))).toEqual(shown);
    expect(shownQuery(everything)).toBe('');
  });
  it('goes on below, with the plans of the newest identity', () => {
    const plans = [{ team: 'CSC' }];
    const both = withOlder({ alerts: [alert(7, 50)], view: { plans, steps: [step(7, 60)], involved: [{ team: 'A' }], nextBefore: '5' } },
      { alerts: [alert(3, 10)], view: { steps: [step(3, 20)], involved: [{ team: 'A' }, { team: 'B' }] } });
    expect(both.alerts).toHaveLength(2);
    expect(both.view).toMatchObject({ plans, nextBefore: '0' });
    expect(both.view?.steps).toHaveLength(2);
    expect(both.view?.involved?.map((e) => e.team)).toEqual(['A', 'B']);
  });
});

describe('steps in words', () => {
  it.each<[JourneyStep, string]>([
    [{ state: 'DELIVERY_STATE_RECEIVED', endpoint: 'desk' }, 'Received by the team’s system'],
    [{ act: 'ACT_KIND_OPEN', state: 'DELIVERY_STATE_OPENED' }, 'Opened'],
    [{ act: 'ACT_KIND_NOT_OURS', notOurs: 'NOT_OURS_NO_LONGER' }, 'Said not to be ours: no longer ours'],
    [{ act: 'ACT_KIND_UNDO' }, 'Undone'],
    [{ overdueLevel: 1 }, 'Nobody had picked it up in time'],
    [{ overdueLevel: 1, clock: 'DUE_CLOCK_ACTION' }, 'Nobody had acted on it in time'],
    [{ act: 'ACT_KIND_WAVED' as 'ACT_KIND_OPEN' }, 'Waved'],
  ])('%j', (one, words) => expect(stepOf(one)).toBe(words));
});

describe('facts of an alert', () => {
  const where = { location: { addressLines: ['12 Larch Row'], postcode: 'XA1 1AA' } };
  const place = (a: Alert, secret = false) => factsOf(a, secret).find(([name]) => name === 'Where the child is')?.[1];
  it('show where the child is, but never where that is protected', () => {
    expect(place(where)).toBe('12 Larch Row, XA1 1AA');
    expect(place({ ...where, header: { protectedAddress: true } })).toBe(addressProtected);
    expect(place({ header: { protectedAddress: true } })).toBe(addressProtected);
    expect(place({})).toBeUndefined();
  });
  it('show no place where another event about this child says that it is protected', () => {
    expect(isSecret([where, { header: { protectedAddress: true } }])).toBe(true);
    expect(isSecret([where])).toBe(false);
    expect(place(where, true)).toBe(addressProtected);
  });
  it('have the call, the views and the answers', () => {
    const facts = factsOf({ header: { viewsSought: 'VIEWS_SOUGHT_NO' }, detail: { callLogged: { direction: 'CALL_DIRECTION_MADE', withWhom: 'Duty desk', number: '01632 960140', agreed: 'They visit' }, answers: [{ prompt: 'h', question: 'Who else?', answer: 'an aunt' }] } }, false);
    expect(facts).toEqual([['Rang', 'Duty desk, 01632 960140'], ['Agreed', 'They visit'], ['View of child and family sought', 'No, not yet'], ['Who else?', 'an aunt']]);
  });
});
