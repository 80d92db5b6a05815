// A child's story as a team knows it: what it was told, and what became of that here, in one line, newest first.
// Pure. An event stands where the team was told of it, so that nothing comes before its cause.
import type { Alert, ChildStep, JourneyStep, ScreenChild } from './generated/schema';
import { ms } from './time';

export interface Moment { key: string; at: number; alert: Alert; step?: JourneyStep }
export interface Shown { kind: string; agency: string; acts: boolean }

export function moments(alerts: Alert[], steps: ChildStep[]): Moment[] {
  const by = new Map(alerts.map((a) => [a.number ?? '0', a]));
  const told = alerts.map((alert): Moment => ({ key: alert.number ?? '0', at: ms(alert.notice?.acceptedUs), alert }));
  const done = steps.flatMap(({ number, step }, i): Moment[] => {
    const alert = by.get(number ?? '0');
    return alert && step ? [{ key: `${number}-${i}`, at: ms(step.atUs), alert, step }] : [];
  });
  // As they happened, then turned over: what has the same time keeps its order, an event before its acts.
  return [...told, ...done].map((m, i) => ({ m, i })).sort((a, b) => b.m.at - a.m.at || b.i - a.i).map(({ m }) => m);
}

export const matching = (all: Moment[], shown: Shown): Moment[] => all.filter(({ alert, step }) =>
  (shown.acts || !step) && (!shown.kind || alert.header?.kind === shown.kind) && (!shown.agency || alert.header?.agency === shown.agency));

export const shownOf = (query: URLSearchParams): Shown =>
  ({ kind: query.get('kind') ?? '', agency: query.get('agency') ?? '', acts: query.get('show') !== 'events' });

// Kind, agency and what is shown: none of them names a child.
export function shownQuery(shown: Shown): string {
  const query = new URLSearchParams();
  if (shown.kind) query.set('kind', shown.kind);
  if (shown.agency) query.set('agency', shown.agency);
  if (!shown.acts) query.set('show', 'events');
  const text = query.toString();
  return text ? `?${text}` : '';
}

// An older page below what is there: plans are those of the first, which shows the newest identity.
export function withOlder(child: ScreenChild, older: ScreenChild): ScreenChild {
  const involved = [...(child.view?.involved ?? []), ...(older.view?.involved ?? [])];
  return {
    ...child, alerts: [...(child.alerts ?? []), ...(older.alerts ?? [])],
    view: {
      ...child.view, nextBefore: older.view?.nextBefore ?? '0', steps: [...(child.view?.steps ?? []), ...(older.view?.steps ?? [])],
      involved: [...new Map(involved.map((e) => [e.team, e])).values()],
    },
  };
}
