// What the one-minute form says, as the hub wants it. Pure. Each problem names its field, for the error
// summary; the hub validates all of it again.
import type { PromptAnswer, ScreenSend, SendPrompt, Urgency } from './generated/schema';
import { usOf } from './time';
import { nhsNumberGood } from './words';

export const sendKinds: [SendForm['kind'], string][] = [
  ['concern', 'A concern'], ['referral', 'A referral made by word of mouth'], ['call_logged', 'A telephone call'],
];
export interface SendForm {
  kind: 'concern' | 'referral' | 'call_logged';
  family: string; given: string; birthDate: string; nhs: string; area: string;
  when: string; text: string; significance: string; childVoice: string; childVoiceAbsent: string;
  stage: string; threshold: string; referredTo: string; urgency: string;
  phone: string; phoneName: string;
  familyInformed: string; familyReason: string; notOnline: boolean; directTo: string;
  direction: string; withWhom: string; number: string; agreed: string; viewsSought: string; protectedAddress: boolean;
  answers: Record<string, string>;  // by the id of the prompt
}
export const blank: SendForm = {
  kind: 'concern', family: '', given: '', birthDate: '', nhs: '', area: '', when: '', text: '', significance: '',
  childVoice: '', childVoiceAbsent: '', stage: '', threshold: '', referredTo: '', urgency: '', phone: '',
  phoneName: '', familyInformed: '', familyReason: '', notOnline: false, directTo: '',
  direction: '', withWhom: '', number: '', agreed: '', viewsSought: '', protectedAddress: false, answers: {},
};
export type Wrong = [string, string];  // the field, or "answers.ID" of a prompt

// What policy has this team asked when it sends this.
export const asked = (prompts: SendPrompt[], kind: SendForm['kind']): SendPrompt[] =>
  prompts.filter((p) => !p.kinds?.length || p.kinds.includes(kind));

function wrongAnswers(form: SendForm, prompts: SendPrompt[]): Wrong[] {
  return asked(prompts, form.kind).filter((p) => p.mandatory && !form.answers[p.id ?? '']?.trim())
    .map((p) => [`answers.${p.id}`, `Answer: ${p.question} “Not known” is an answer`]);
}

export function wrongWith(form: SendForm, prompts: SendPrompt[] = []): Wrong[] {
  const wrong: Wrong[] = [];
  const need = (field: keyof SendForm, text: string) => {
    if (!String(form[field]).trim()) wrong.push([field, text]);
  };
  const call = form.kind === 'call_logged';
  if (!form.nhs.trim()) {
    need('family', 'Enter the child’s family name, or the NHS number');
    need('birthDate', 'Enter the date of birth, or the NHS number');
  } else if (!nhsNumberGood(form.nhs)) {
    wrong.push(['nhs', 'Check the NHS number: it has 10 digits, for example 912 604 0018']);
  }
  if (form.when && !(new Date(form.when).getTime() <= Date.now())) wrong.push(['when', 'Give a time that has passed, or leave it empty']);
  if (call) need('direction', 'Say who rang whom');
  if (call) need('withWhom', 'Say whom the call was with: a name or a role, and the service');
  need('text', call ? 'Say what was said' : 'Say what happened');
  need('significance', 'Say why it matters for this child');
  if (!form.childVoice.trim()) need('childVoiceAbsent', 'Say what the child told or showed, or why that is not known');
  if (form.kind === 'concern') need('stage', 'Say whether it has happened or is building up');
  if (form.kind === 'concern') need('threshold', 'Say whether you think a threshold is met');
  if (form.kind === 'referral') need('referredTo', 'Say which service it is referred to');
  need('urgency', 'Choose how urgent it is');
  need('phone', 'Enter the number to ring you back on');
  need('familyInformed', 'Say whether the family has been told');
  const untold = form.familyInformed === 'FAMILY_INFORMED_NO' || form.familyInformed === 'FAMILY_INFORMED_UNSAFE';
  if (untold) need('familyReason', 'Say why the family has not been told');
  need('viewsSought', 'Say whether the child’s and the family’s view has been sought');
  return [...wrong, ...wrongAnswers(form, prompts)];
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

function callOf(form: SendForm, happened: string): ScreenSend['detail'] {
  return {
    callLogged: {
      direction: form.direction as 'CALL_DIRECTION_MADE', withWhom: form.withWhom.trim(),
      at: { earliestUs: happened, latestUs: happened },
      ...(form.number.trim() && { number: form.number.trim() }), ...(form.agreed.trim() && { agreed: form.agreed.trim() }),
    },
  };
}

const answersOf = (form: SendForm, prompts: SendPrompt[]): PromptAnswer[] =>
  asked(prompts, form.kind).map((p) => ({ prompt: p.id ?? '', question: p.question ?? '', answer: (form.answers[p.id ?? ''] ?? '').trim() }))
    .filter((a) => a.answer);

function detailOf(form: SendForm, happened: string): ScreenSend['detail'] {
  if (form.kind === 'call_logged') return callOf(form, happened);
  if (form.kind === 'referral') return { referral: { referralType: 'verbal', reason: form.text.trim(), referredTo: form.referredTo.trim() } };
  return {
    concern: {
      stage: form.stage === 'actual' ? 'CONCERN_STAGE_ACTUAL' : 'CONCERN_STAGE_EMERGING',
      threshold: (form.threshold || 'THRESHOLD_VIEW_UNCLEAR') as 'THRESHOLD_VIEW_UNCLEAR',
    },
  };
}

const channels = { concern: 'CHANNEL_ELECTRONIC', referral: 'CHANNEL_VERBAL', call_logged: 'CHANNEL_PHONE' } as const;

export function sendOf(form: SendForm, sendId: string, team: string, now: number, prompts: SendPrompt[] = []): ScreenSend {
  const answers = answersOf(form, prompts);
  const happened = usOf(form.when ? new Date(form.when).getTime() : now);
  return {
    sendId,
    header: {
      kind: form.kind, kindVersion: 1, fromTeam: team,
      occurred: { earliestUs: happened, latestUs: happened }, channel: channels[form.kind],
      recordedUs: usOf(now), urgency: form.urgency as Urgency,
      subject: { type: 'SUBJECT_TYPE_CHILD', ...(form.area.trim() && { areaCode: form.area.trim() }) },
      callBack: { name: form.phoneName.trim(), phone: form.phone.trim() },
      familyInformed: form.familyInformed as 'FAMILY_INFORMED_YES',
      ...(form.familyReason.trim() && { familyInformedReason: form.familyReason.trim() }),
      viewsSought: form.viewsSought as 'VIEWS_SOUGHT_YES',
      notForOnlineRecord: form.notOnline, protectedAddress: form.protectedAddress, purpose: 'safeguarding',
      ...(form.directTo && { directTo: [form.directTo] }),
    },
    identity: identityOf(form),
    summary: {
      text: form.text.trim(), significance: form.significance.trim(),
      ...(form.childVoice.trim() ? { childVoice: form.childVoice.trim() } : { childVoiceAbsent: form.childVoiceAbsent.trim() }),
    },
    detail: { ...detailOf(form, happened), ...(answers.length && { answers }) },
  };
}
