// What one shift hands to the next. Pure: from the same lists the pages show.
import type { Alert, DutySpan, ScreenSent, SentItem, SentRecipient, TaskRow } from './generated/schema';
import { ms } from './time';
import { immediate, overdue, sectionOf, sorted } from './view';
import { atLeast } from './words';

export interface Shift {
  overdue: Alert[];
  unclaimed: Alert[];                  // the rest of what nobody has picked up
  held: { name: string; alerts: Alert[] }[];  // picked up and not finished, by who has it
  offered: Alert[];                    // handed over, and not yet taken
  tasks: TaskRow[];
  notPickedUp: { item: SentItem; who: SentRecipient[] }[];  // what we sent
}

export const lateAt = (r: SentRecipient, now: number): boolean =>
  r.attention === 'ATTENTION_ACT' && !atLeast(r.state, 'DELIVERY_STATE_ACKNOWLEDGED') &&
  (Boolean(r.overdueLevel) || (ms(r.acknowledgeByUs) > 0 && ms(r.acknowledgeByUs) <= now));

// Each alert stands in one place: overdue before all else. What is for information only is not handed over.
export function shiftOf(alerts: readonly Alert[], tasks: readonly TaskRow[], sent: ScreenSent | undefined, now: number): Shift {
  const shift: Shift = { overdue: [], unclaimed: [], held: [], offered: [], tasks: [...tasks], notPickedUp: [] };
  const held = new Map<string, Alert[]>();
  for (const alert of sorted(alerts, now)) {
    const section = sectionOf(alert, '');
    if (section === 'information') continue;
    const name = alert.notice?.pickedUpBy?.name || alert.notice?.pickedUpBy?.person || '';
    if (overdue(alert, now)) shift.overdue.push(alert);
    else if (alert.notice?.handedTo) shift.offered.push(alert);
    else if (section === 'unclaimed') shift.unclaimed.push(alert);
    else held.set(name, [...(held.get(name) ?? []), alert]);
  }
  shift.held = [...held].sort(([a], [b]) => a.localeCompare(b)).map(([name, list]) => ({ name: name || 'Not said who', alerts: list }));
  shift.tasks.sort((a, b) => ms(a.task?.dueUs) - ms(b.task?.dueUs));
  for (const item of sent?.items ?? []) {
    const who = (item.recipients ?? []).filter((r) => lateAt(r, now));
    if (who.length) shift.notPickedUp.push({ item, who });
  }
  return shift;
}

export function countOf(shift: Shift): { open: number; immediate: number } {
  const all = [...shift.overdue, ...shift.unclaimed, ...shift.offered, ...shift.held.flatMap((h) => h.alerts)];
  return { open: all.length, immediate: all.filter(immediate).length };
}

// Who has the duty now, and who has it next.
export function dutyAt(spans: readonly DutySpan[], now: number): { now: DutySpan[]; next: DutySpan | undefined } {
  return {
    now: spans.filter((s) => ms(s.fromUs) <= now && now < ms(s.toUs)),
    next: [...spans].filter((s) => ms(s.fromUs) > now).sort((a, b) => ms(a.fromUs) - ms(b.fromUs))[0],
  };
}
