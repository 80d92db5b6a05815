// What the one-minute form says, as the hub wants it. Pure. Each problem names its field, for the error
// summary; the hub validates all of it again.
import type { ScreenSend, Urgency } from './generated/schema';
import { usOf } from './time';
import { nhsNumberGood } from './words';

export interface SendForm {
  kind: 'concern' | 'referral' | 'call';
  family: string; given: string; birthDate: string; nhs: string; area: string;
  when: string; text: string; significance: string; childVoice: string; childVoiceAbsent: string;
  stage: string; threshold: string; referredTo: string; urgency: string;
  phone: string; phoneName: string;
  familyInformed: string; familyReason: string; notOnline: boolean; directTo: string;
}
export const blank: SendForm = {
  kind: 'concern', family: '', given: '', birthDate: '', nhs: '', area: '', when: '', text: '', significance: '',
  childVoice: '', childVoiceAbsent: '', stage: '', threshold: '', referredTo: '', urgency: '', phone: '',
  phoneName: '', familyInformed: '', familyReason: '', notOnline: false, directTo: '',
};
export type Wrong = [keyof SendForm, string];

export function wrongWith(form: SendForm): Wrong[] {
  const wrong: Wrong[] = [];
  const need = (field: keyof SendForm, text: string) => {
    if (!String(form[field]).trim()) wrong.push([field, text]);
  };
  if (!form.nhs.trim()) {
    need('family', 'Enter the child’s family name, or the NHS number');
    need('birthDate', 'Enter the date of birth, or the NHS number');
  } else if (!nhsNumberGood(form.nhs)) {
    wrong.push(['nhs', 'Check the NHS number: it has 10 digits, for example 912 604 0018']);
  }
  if (form.when && !(new Date(form.when).getTime() <= Date.now())) wrong.push(['when', 'Give a time that has passed, or leave it empty']);
  need('text', 'Say what happened');
  need('significance', 'Say why it matters for this child');
  if (!form.childVoice.trim()) need('childVoiceAbsent', 'Say what the child told or showed, or why that is not known');
  if (form.kind !== 'referral') need('stage', 'Say whether it has happened or is building up');
  if (form.kind === 'concern') need('threshold', 'Say whether you think a threshold is met');
  if (form.kind === 'referral') need('referredTo', 'Say which service it is referred to');
  need('urgency', 'Choose how urgent it is');
  need('phone', 'Enter the number to ring you back on');
  need('familyInformed', 'Say whether the family has been told');
  const untold = form.familyInformed === 'FAMILY_INFORMED_NO' || form.familyInformed === 'FAMILY_INFORMED_UNSAFE';
  if (untold) need('familyReason', 'Say why the family has not been told');
  return wrong;
}

const digits = (text: string): string => text.replace(/[\s-]/g, '');

function identityOf(form: SendForm): ScreenSend['identity'] {
  return {
    ...(form.nhs.trim() && {
      identifiers: [{ type: 'IDENTIFIER_TYPE_NHS_NUMBER', authority: 'NHS', value: digits(form.nhs), verification: 'VERIFICATION_UNVERIFIED' }],
    }),
    ...(form.family.trim() && { name: { family: form.family.trim(), given: form.given.trim().split(/\s+/).filter(Boolean) } }),
    ...(form.birthDate && { birthDate: form.birthDate }),
  };
}

function detailOf(form: SendForm): ScreenSend['detail'] {
  if (form.kind === 'referral') return { referral: { referralType: 'verbal', reason: form.text.trim(), referredTo: form.referredTo.trim() } };
  return {
    concern: {
      stage: form.stage === 'actual' ? 'CONCERN_STAGE_ACTUAL' : 'CONCERN_STAGE_EMERGING',
      threshold: (form.threshold || 'THRESHOLD_VIEW_UNCLEAR') as 'THRESHOLD_VIEW_UNCLEAR',
    },
  };
}

export function sendOf(form: SendForm, sendId: string, team: string, now: number): ScreenSend {
  const happened = usOf(form.when ? new Date(form.when).getTime() : now);
  return {
    sendId,
    header: {
      kind: form.kind === 'referral' ? 'referral' : 'concern', kindVersion: 1, fromTeam: team,
      occurred: { earliestUs: happened, latestUs: happened }, channel: form.kind === 'call' ? 'CHANNEL_PHONE' : form.kind === 'referral' ? 'CHANNEL_VERBAL' : 'CHANNEL_ELECTRONIC',
      recordedUs: usOf(now), urgency: form.urgency as Urgency,
      subject: { type: 'SUBJECT_TYPE_CHILD', ...(form.area.trim() && { areaCode: form.area.trim() }) },
      callBack: { name: form.phoneName.trim(), phone: form.phone.trim() },
      familyInformed: form.familyInformed as 'FAMILY_INFORMED_YES',
      ...(form.familyReason.trim() && { familyInformedReason: form.familyReason.trim() }),
      notForOnlineRecord: form.notOnline, purpose: 'safeguarding',
      ...(form.directTo && { directTo: [form.directTo] }),
    },
    identity: identityOf(form),
    summary: {
      text: form.text.trim(), significance: form.significance.trim(),
      ...(form.childVoice.trim() ? { childVoice: form.childVoice.trim() } : { childVoiceAbsent: form.childVoiceAbsent.trim() }),
    },
    detail: detailOf(form),
  };
}
