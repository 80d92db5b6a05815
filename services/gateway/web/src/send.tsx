// The one-minute form.
import { useRef, useState } from 'preact/hooks';
import { post, Refusal, teamPath } from './api';
import { Main, type PageProps } from './app';
import { Button, Choose, ErrorSummary, Field } from './bits';
import { blank, sendOf, wrongWith, type SendForm } from './forms';
import type { ScreenSentOff } from './generated/schema';
import { newId } from './words';
import { whenOf } from './time';

// Which field of the form the hub's field name is about.
const fieldOf = (field: string | undefined): string => {
  const name = field ?? '';
  if (name.includes('summary.significance')) return 'significance';
  if (name.includes('voice') || name.includes('Voice')) return 'childVoice';
  if (name.includes('call_back') || name.includes('callBack')) return 'phone';
  if (name.includes('family')) return 'familyReason';
  if (name.includes('identity') || name.includes('identifiers')) return 'family';
  return 'text';
};

export function SendPage({ team }: PageProps) {
  const [form, setForm] = useState<SendForm>(blank);
  const [wrong, setWrong] = useState<[string, string][]>([]);
  const [sent, setSent] = useState<ScreenSentOff>();
  const [busy, setBusy] = useState(false);
  const id = useRef(newId());
  const happened = useRef(0);
  const field = (name: keyof SendForm) => ({
    id: name, value: String(form[name]), error: wrong.find(([f]) => f === name)?.[1],
    onValue: (value: string) => setForm((f) => ({ ...f, [name]: value })),
  });
  const submit = async (e: Event) => {
    e.preventDefault();
    if (busy) return;
    const problems = wrongWith(form);
    setWrong(problems);
    if (problems.length) return;
    setBusy(true);
    happened.current ||= Date.now();  // sent again after a failure, it is the same event
    try {
      setSent(await post<ScreenSentOff>(`${teamPath(team.id)}/events`, sendOf(form, id.current, team.id ?? '', happened.current)));
      setForm(blank);
    } catch (error) {
      const { problem, status } = error as Refusal;
      if (status >= 400 && status < 500) { id.current = newId(); happened.current = 0; }
      setWrong([[fieldOf(problem?.field), (error as Error).message]]);
    } finally {
      setBusy(false);
    }
  };
  if (sent) return (
    <Main>
      <div class="sb-receipt" role="status"><h1>Sent</h1><p>Reference <b class="sb-ref">{sent.reference}</b>, {whenOf(sent.acceptedUs, Date.now())}. {sent.text}</p></div>
      <p>Who has picked it up is shown under <a href={`/teams/${encodeURIComponent(team.id ?? '')}/sent`}>Sent by us</a>. If it is immediate, ring now as well.</p>
      <Button kind="secondary" onClick={() => { setSent(undefined); id.current = newId(); happened.current = 0; }}>Send another</Button>
    </Main>);
  const untold = form.familyInformed === 'FAMILY_INFORMED_NO' || form.familyInformed === 'FAMILY_INFORMED_UNSAFE';
  return (
    <Main>
      <ErrorSummary wrong={wrong} />
      <h1>Send</h1>
      <p>If a child is in danger now, ring first: <a href="tel:999">999</a>. A concern may be below any threshold and still be worth sharing.</p>
      <form onSubmit={submit} noValidate class="sb-send">
        <Choose {...field('kind')} label="What do you want to send?" options={[['concern', 'A concern'], ['referral', 'A referral made by word of mouth'], ['call', 'A telephone call about a concern']]} />
        <h2>The child</h2>
        <Field {...field('family')} label="Family name" width={20} /><Field {...field('given')} label="Given names" width={20} />
        <Field {...field('birthDate')} label="Date of birth" type="date" width={10} />
        <Field {...field('nhs')} label="NHS number, if you have it" hint="10 digits, for example 912 604 0018" width={20} />
        <Field {...field('area')} label="Council area code, if you have it" hint="It helps to reach the right area, for example E06009901" width={20} />
        <h2>What happened</h2>
        <Field {...field('when')} label="When did it happen?" hint="Leave it empty if it is now" type="datetime-local" width={20} />
        <Field {...field('text')} label="What happened?" hint="In plain words" rows={3} />
        <Field {...field('significance')} label="Why does it matter for this child?" rows={3} />
        <Field {...field('childVoice')} label="What did the child say or show?" rows={2} />
        {!form.childVoice.trim() && <Field {...field('childVoiceAbsent')} label="If that is not known, why?" hint="For example: too young to say" />}
        {form.kind !== 'referral' && <Choose {...field('stage')} label="Has something happened, or is it building up?" options={[['', 'Choose'], ['actual', 'Something has happened'], ['emerging', 'It is building up']]} />}
        {form.kind === 'referral' ? <Field {...field('referredTo')} label="Referred to which service?" />
          : <Choose {...field('threshold')} label="Do you think a threshold is met?" options={[['', 'Choose'], ['THRESHOLD_VIEW_NOT_MET', 'No, and worth sharing'], ['THRESHOLD_VIEW_UNCLEAR', 'Unclear'], ['THRESHOLD_VIEW_MET', 'Yes']]} />}
        <Choose {...field('urgency')} label="How urgent is it?" options={[['', 'Choose'], ['URGENCY_ROUTINE', 'Routine'], ['URGENCY_URGENT', 'Urgent: today'], ['URGENCY_IMMEDIATE', 'Immediate: I am ringing as well']]} />
        <h2>You and the family</h2>
        <Field {...field('phone')} label="Number to ring you back on" type="tel" width={20} autocomplete="tel" />
        <Field {...field('phoneName')} label="Who will answer?" hint="A role or a team" width={20} />
        <Choose {...field('familyInformed')} label="Has the family been told?" options={[['', 'Choose'], ['FAMILY_INFORMED_YES', 'Yes'], ['FAMILY_INFORMED_NO', 'No'], ['FAMILY_INFORMED_UNSAFE', 'No: telling them would put someone at risk']]} />
        {untold && <Field {...field('familyReason')} label="Why not?" rows={2} />}
        <div class="nhsuk-checkboxes"><div class="nhsuk-checkboxes__item">
          <input class="nhsuk-checkboxes__input" id="notOnline" type="checkbox" checked={form.notOnline} onChange={(e) => setForm((f) => ({ ...f, notOnline: (e.target as HTMLInputElement).checked }))} />
          <label class="nhsuk-label nhsuk-checkboxes__label" for="notOnline">Must not appear in an online record that the family can read</label></div></div>
        <p><Button submit busy={busy}>Send</Button></p>
      </form>
    </Main>
  );
}
