// The safety net of an emergency department, in words. Pure. Reviewed means: a person of this team has
// recorded what came of looking at it; picked up is not reviewed.
import type { Alert, Attendance, AttendanceDay, AttendanceView } from './generated/schema';
import { isoDate } from './time';

export const outcomes: [string, string][] = [
  ['', 'Choose'],
  ['No further action', 'No further action'],
  ['Shared with the health visitor or school nurse', 'Shared with the health visitor or school nurse'],
  ['Referred to children’s social care', 'Referred to children’s social care'],
  ['Discussed with the named nurse', 'Discussed with the named nurse'],
  ['other', 'Something else: say what'],
];
// What is recorded, or what is missing.
export function outcomeOf(choice: string, note: string): { outcome: string } | { problem: string } {
  if (!choice) return { problem: 'Choose the outcome of the review' };
  if (choice === 'other') return note.trim() ? { outcome: note.trim() } : { problem: 'Say what came of the review' };
  return { outcome: note.trim() ? `${choice}. ${note.trim()}` : choice };
}

export interface Row { alert: Alert; review: Attendance }
export function rowsOf(alerts: readonly Alert[], view: AttendanceView | undefined): Row[] {
  const reviews = new Map((view?.rows ?? []).map((r) => [r.number ?? '0', r]));
  return alerts.map((alert) => ({ alert, review: reviews.get(alert.number ?? '0') ?? {} }));
}

const count = (text: string | undefined) => Number(text ?? '0');
const several = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

// One day of one source: do the counts agree, and if not, what is to be done?
export function agreement(day: AttendanceDay): { agrees: boolean; text: string } {
  if (day.agrees) return { agrees: true, text: 'Agrees' };
  const [fed, accepted, here] = [count(day.fed), count(day.accepted), count(day.here)];
  const parts: string[] = [];
  if (count(day.quarantined)) parts.push(`${several(count(day.quarantined), 'message', 'messages')} of this source cannot be read: ask the operator to look at the quarantine`);
  if (count(day.waiting)) parts.push(`${count(day.waiting)} on the way from the adapter`);
  if (count(day.fedUs) === 0) parts.push('the feed has not told its count: ring the operator');
  else if (fed > accepted + count(day.waiting)) parts.push(`${several(fed - accepted, 'attendance has', 'attendances have')} not reached the hub: ring the operator`);
  if (accepted > here) parts.push(`${several(accepted - here, 'attendance was', 'attendances were')} not sent to this team: ask the operator to look at its routes`);
  if (here > accepted || (accepted > fed && count(day.fedUs) !== 0)) parts.push('more is here than was counted: tell the operator');
  return { agrees: false, text: parts.join('; ') || 'Does not agree: tell the operator' };
}

export function standing(view: AttendanceView): string {
  const open = count(view.unreviewed);
  const late = count(view.overdue);
  if (!open) return 'Every attendance is reviewed.';
  return `${several(open, 'attendance is', 'attendances are')} not reviewed${late ? `, ${late} overdue` : ''}.`;
}

export const dayName = (day: AttendanceDay): string => isoDate(day.day);
