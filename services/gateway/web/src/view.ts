// Which of the board's alerts stand where. Pure. Order: overdue first, then immediate, then newest;
// rows do not move under a person's hands: an order stands until the person asks for a new one.
import type { Alert } from './generated/schema';
import { ms } from './time';
import { atLeast } from './words';

export type Section = 'unclaimed' | 'mine' | 'others' | 'information';
export const sections: [Section, string][] = [
  ['unclaimed', 'Unclaimed'], ['mine', 'Mine'], ['others', 'Waiting on others'], ['information', 'For information'],
];
export interface Filter { section: Section; kind: string; urgency: string }

export function sectionOf(alert: Alert, person: string): Section {
  const n = alert.notice ?? {};
  if (n.attention === 'ATTENTION_SEE' || n.attention === 'ATTENTION_FILE') return 'information';
  if (n.handedTo) return 'others';
  if (!atLeast(n.state, 'DELIVERY_STATE_ACKNOWLEDGED')) return 'unclaimed';
  return n.pickedUpBy?.person === person ? 'mine' : 'others';
}

export function dueOf(alert: Alert): number {
  const n = alert.notice ?? {};
  if (n.attention !== 'ATTENTION_ACT') return 0;
  if (!atLeast(n.state, 'DELIVERY_STATE_ACKNOWLEDGED')) return ms(n.acknowledgeByUs);
  return atLeast(n.state, 'DELIVERY_STATE_ACTIONED') ? 0 : ms(n.actionByUs);
}
export const overdue = (alert: Alert, now: number): boolean => dueOf(alert) > 0 && dueOf(alert) <= now;
export const immediate = (alert: Alert): boolean => alert.notice?.urgency === 'URGENCY_IMMEDIATE';

const rank = (alert: Alert, now: number) => (overdue(alert, now) ? 0 : immediate(alert) ? 1 : 2);
function byImportance(a: Alert, b: Alert, now: number): number {
  const difference = rank(a, now) - rank(b, now);
  if (difference) return difference;
  if (rank(a, now) === 0 && dueOf(a) !== dueOf(b)) return dueOf(a) - dueOf(b);
  const later = Number(BigInt(b.notice?.acceptedUs ?? '0') - BigInt(a.notice?.acceptedUs ?? '0'));
  return later || Number(BigInt(b.number ?? '0') - BigInt(a.number ?? '0'));
}

export const sorted = (alerts: Iterable<Alert>, now: number): Alert[] =>
  [...alerts].sort((a, b) => byImportance(a, b, now));

export interface Child { key: string; alerts: Alert[] }
// One card per child, where its most important alert stands. At pointer and below nobody is told
// whose it is: such an alert stands alone.
export function grouped(alerts: Alert[]): Child[] {
  const children = new Map<string, Child>();
  for (const alert of alerts) {
    const key = alert.child || `alone-${alert.number}`;
    const child = children.get(key);
    if (child) child.alerts.push(alert);
    else children.set(key, { key, alerts: [alert] });
  }
  return [...children.values()];
}

export function counts(alerts: Iterable<Alert>, person: string): Record<Section, number> {
  const total = { unclaimed: 0, mine: 0, others: 0, information: 0 };
  for (const alert of alerts) total[sectionOf(alert, person)] += 1;
  return total;
}

export function matches(alert: Alert, filter: Filter, person: string): boolean {
  return sectionOf(alert, person) === filter.section &&
    (!filter.kind || alert.header?.kind === filter.kind) &&
    (!filter.urgency || alert.notice?.urgency === filter.urgency);
}

export function filterOf(query: URLSearchParams): Filter {
  const section = query.get('section') as Section;
  return {
    section: sections.some(([s]) => s === section) ? section : 'unclaimed',
    kind: query.get('kind') ?? '', urgency: query.get('urgency') ?? '',
  };
}
export function queryOf(filter: Filter): string {
  const query = new URLSearchParams();
  if (filter.section !== 'unclaimed') query.set('section', filter.section);
  if (filter.kind) query.set('kind', filter.kind);
  if (filter.urgency) query.set('urgency', filter.urgency);
  const text = query.toString();
  return text ? `?${text}` : '';
}

// What waits above the list: numbers that the order on the screen does not have, or that now belong
// higher than where they stand.
export function waiting(alerts: ReadonlyMap<string, Alert>, order: string[], ranks: ReadonlyMap<string, number>, now: number) {
  const shown = new Set(order);
  const fresh = [...alerts.values()].filter((a) => !shown.has(a.number ?? '0'));
  const risen = order.filter((n) => {
    const alert = alerts.get(n);
    return alert !== undefined && rank(alert, now) < (ranks.get(n) ?? 2);
  });
  return { fresh: fresh.length, immediate: fresh.filter(immediate).length, risen: risen.length };
}
export function ordered(alerts: Iterable<Alert>, now: number) {
  const list = sorted(alerts, now);
  return { order: list.map((a) => a.number ?? '0'), ranks: new Map(list.map((a) => [a.number ?? '0', rank(a, now)])) };
}
