// The hub's words in plain English. A word that is not known here is shown, never hidden.
import type * as S from './generated/schema';

const kinds: Record<string, string> = {
  concern: 'Concern', referral: 'Referral', admission: 'Admitted', discharge: 'Discharged',
  ed_attendance: 'Attended emergency department', not_brought: 'Was not brought', appointment: 'Appointment',
  referral_outcome: 'Referral outcome', identity_changed: 'Details changed', death: 'Death', transfer: 'Moved ward',
  leave: 'Leave from the ward', document: 'Document', admission_planned: 'Admission planned',
  discharge_planned: 'Discharge planned', transfer_planned: 'Move planned', correction: 'Correction',
  call_logged: 'Telephone call',
};
export const kindOf = (kind: string | undefined): string =>
  kind ? (kinds[kind] ?? kind.replaceAll('_', ' ').replace(/^./, (c) => c.toUpperCase())) : 'Alert';
export const knownKinds = Object.keys(kinds);

const plain = (value: string | undefined, prefix: string): string =>
  (value ?? '').replace(prefix, '').replaceAll('_', ' ').toLowerCase();

export const urgencyOf = (u: S.Urgency | undefined): string => plain(u, 'URGENCY_').replace(/^./, (c) => c.toUpperCase());

const causes: Partial<Record<S.Cause, string>> = {
  CAUSE_ROUTE: 'A route of your team matched it',
  CAUSE_DIRECT: 'The sender addressed it to your team',
  CAUSE_SAFETY_NET: 'It reached nobody else: your team is the safety net',
  CAUSE_ESCALATION: 'Nobody picked it up in time, so your team was told next',
  CAUSE_CORRECTION: 'Your team was told the original, so it is told the correction',
  CAUSE_JOIN: 'The child came to your team after it happened',
  CAUSE_REROUTE: 'Another team said it was not theirs',
  CAUSE_HANDOVER: 'Another team handed it over to yours',
  CAUSE_MERGE: 'Two records turned out to be one child',
  CAUSE_REPLAY: 'An operator sent it again',
  CAUSE_ENQUIRY: 'It belongs to an enquiry of your team',
  CAUSE_KEY_EVENT: 'A key event of a child your team knows',
};
export const causeOf = (c: S.Cause | undefined): string => (c && causes[c]) || plain(c, 'CAUSE_') || 'not said';

const states: Partial<Record<S.DeliveryState, string>> = {
  DELIVERY_STATE_QUEUED: 'Not yet received', DELIVERY_STATE_RECEIVED: 'Received, not opened',
  DELIVERY_STATE_OPENED: 'Opened, not picked up', DELIVERY_STATE_ACKNOWLEDGED: 'Picked up',
  DELIVERY_STATE_ACTIONED: 'Actioned', DELIVERY_STATE_FINISHED: 'Finished',
};
export const stateOf = (s: S.DeliveryState | undefined): string => (s && states[s]) || 'Not yet received';

const order: S.DeliveryState[] = [
  'DELIVERY_STATE_UNSPECIFIED', 'DELIVERY_STATE_QUEUED', 'DELIVERY_STATE_RECEIVED', 'DELIVERY_STATE_OPENED',
  'DELIVERY_STATE_ACKNOWLEDGED', 'DELIVERY_STATE_ACTIONED', 'DELIVERY_STATE_FINISHED',
];
export const atLeast = (s: S.DeliveryState | undefined, least: S.DeliveryState): boolean =>
  order.indexOf(s ?? 'DELIVERY_STATE_UNSPECIFIED') >= order.indexOf(least);

const lists: Partial<Record<S.MemberList, string>> = {
  MEMBER_LIST_CASELOAD: 'Caseload', MEMBER_LIST_EARLY_HELP: 'Early help plan',
  MEMBER_LIST_CHILD_IN_NEED: 'Child in need plan', MEMBER_LIST_CHILD_PROTECTION: 'Child protection plan',
  MEMBER_LIST_LOOKED_AFTER: 'Looked after', MEMBER_LIST_ENQUIRY: 'Enquiry',
};
export const listOf = (l: S.MemberList | undefined): string => (l && lists[l]) || 'List';

const corrections: Partial<Record<S.CorrectionNature, string>> = {
  CORRECTION_NATURE_VOID: 'Cancelled: it did not happen',
  CORRECTION_NATURE_SUPERSEDED: 'Corrected: it happened otherwise',
  CORRECTION_NATURE_WRONG_SUBJECT: 'Wrong child: it is not about this child',
};
export const correctionOf = (c: S.CorrectionNature | undefined): string => (c && corrections[c]) || '';

const calls: Partial<Record<S.CallResult, string>> = {
  CALL_RESULT_REACHED: 'Spoke to somebody', CALL_RESULT_LEFT_MESSAGE: 'Left a message',
  CALL_RESULT_NO_ANSWER: 'No answer', CALL_RESULT_WRONG_NUMBER: 'Wrong number',
};
export const callResults = Object.entries(calls) as [S.CallResult, string][];
export const callOf = (c: S.CallResult | undefined): string => (c && calls[c]) || 'Call';

export const viewsSought: Record<string, string> = {
  VIEWS_SOUGHT_YES: 'Yes', VIEWS_SOUGHT_NO: 'No, not yet', VIEWS_SOUGHT_NOT_APPROPRIATE: 'It would not be appropriate now',
};
const notOurs: Partial<Record<S.NotOurs, string>> = {
  NOT_OURS_NEVER: 'never was ours', NOT_OURS_NO_LONGER: 'no longer ours', NOT_OURS_NOT_KNOWN: 'not known here',
};
const clocks: Partial<Record<S.DueClock, string>> = {
  DUE_CLOCK_RECEIVE: 'No system of the team had it in time', DUE_CLOCK_ACTION: 'Nobody had acted on it in time',
};
const acts: Partial<Record<S.ActKind, string>> = {
  ACT_KIND_OPEN: 'Opened', ACT_KIND_ACKNOWLEDGE: 'Picked up', ACT_KIND_ACTION: 'Actioned', ACT_KIND_FINISH: 'Finished',
  ACT_KIND_NOT_OURS: 'Said not to be ours', ACT_KIND_HAND_OVER: 'Offered to another team', ACT_KIND_TAKE: 'Taken over',
  ACT_KIND_DECLINE: 'Not taken over', ACT_KIND_UNDO: 'Undone', ACT_KIND_LOG_CALL: 'Call logged', ACT_KIND_REPLY: 'Replied',
  ACT_KIND_ASK: 'Asked all involved', ACT_KIND_DISAGREE: 'Disagreed',
};
// One step of what became of a delivery, in words; what nobody here has a word for is still shown.
export function stepOf(step: S.JourneyStep): string {
  const unset = !step.act || step.act === 'ACT_KIND_UNSPECIFIED';
  if (unset && step.overdueLevel) return (step.clock && clocks[step.clock]) || 'Nobody had picked it up in time';
  if (unset) return step.endpoint ? 'Received by the team’s system' : stateOf(step.state);
  const words = acts[step.act!] ?? plain(step.act, 'ACT_KIND_').replace(/^./, (c) => c.toUpperCase());
  return `${words}${step.notOurs && notOurs[step.notOurs] ? `: ${notOurs[step.notOurs]}` : ''}`;
}

export const assuranceOf = (a: S.Assurance | undefined): string =>
  ({ ASSURANCE_FEDERATED: 'organisation sign-in', ASSURANCE_LOCAL_SIGN_IN: 'signed in here',
     ASSURANCE_ASSERTED: 'name given by their system', ASSURANCE_TEAM_SYSTEM: 'from the team’s own system' } as
     Record<string, string>)[a ?? ''] ?? '';

export const sexOf = (s: S.Sex | undefined): string => plain(s, 'SEX_').replace('unspecified', '');
export const factorOf = (f: string): string => f.replaceAll('_', ' ');

// 3-3-4, kept on one line by the style sheet. What is not ten digits is shown as it came.
export const nhsNumber = (value: string | undefined): string =>
  /^\d{10}$/.test(value ?? '') ? value!.replace(/(\d{3})(\d{3})(\d{4})/, '$1 $2 $3') : (value ?? '');

// NHS Data Dictionary: modulus 11; ten equal digits are nobody's.
export function nhsNumberGood(value: string): boolean {
  const digits = value.replace(/[\s-]/g, '');
  if (!/^\d{10}$/.test(digits) || /^(\d)\1{9}$/.test(digits)) return false;
  const sum = [...digits.slice(0, 9)].reduce((total, d, i) => total + Number(d) * (10 - i), 0);
  const check = (11 - (sum % 11)) % 11;
  return check !== 10 && check === Number(digits[9]);
}

export const telOf = (phone: string | undefined): string => `tel:${(phone ?? '').replace(/[^\d+]/g, '')}`;

export function nameOf(name: S.PersonName | undefined): string {
  if (!name) return '';
  const given = (name.given ?? []).join(' ');
  const family = (name.family ?? '').toUpperCase();
  return [family, given].filter(Boolean).join(', ');
}

// Bytes travel as base64; paths and acts name a task in hex.
export function hexOf(base64: string | undefined): string {
  const raw = atob((base64 ?? '').replaceAll('-', '+').replaceAll('_', '/'));
  return [...raw].map((c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
// The form in which people quote an event: as the gateway writes it.
export const referenceOf = (base64: string | undefined): string =>
  hexOf(base64).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}
