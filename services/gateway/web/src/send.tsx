// The one-minute form.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { get, post, Refusal, teamPath } from './api';
import { Main, type PageProps } from './app';
import { Button, Choose, ErrorSummary, Field } from './bits';
import { asked, blank, sendKinds, sendOf, wrongWith, type SendForm, type Wrong } from './forms';
import type { DirectoryEntry, ScreenDirectory, ScreenSentOff, ScreenTeamView, SendPrompt } from './generated/schema';
import { newId, viewsSought } from './words';
import { whenOf } from './time';

// Which field of the form the hub's field name is about.
const fieldOf = (field: string | undefined): string => {
  const name = field ?? '';
  if (name.startsWith('answers.')) return name;
  if (name.includes('withWhom')) return 'withWhom';
  if (name.includes('direction')) return 'direction';
  if (name.includes('summary.significance')) return 'significance';
  if (name.includes('voice') || name.includes('Voice')) return 'childVoice';
  if (name.includes('call_back') || name.includes('callBack')) return 'phone';
  if (name.includes('family')) return 'familyReason';
  if (name.includes('identity') || name.includes('identifiers')) return 'family';
  return 'text';
};

// What policy has this team asked, and the teams that can be addressed.
function useTeam(team: string | undefined, open: boolean) {
  const [prompts, setPrompts] = useState<SendPrompt[]>([]);
  const [teams, setTeams] = useState<DirectoryEntry[]>([]);
  const look = useCallback(() => get<ScreenTeamView>(teamPath(team)).then((v) => setPrompts(v.team?.sendPrompts ?? [])).catch(() => undefined), [team]);
  useEffect(() => {
    if (!open) return;
    void look();
    get<ScreenDirectory>(`${teamPath(team)}/directory`).then((d) => setTeams((d.sheet?.entries ?? []).filter((e) => e.onHub && e.team !== team))).catch(() => undefined);
  }, [team, open, look]);
  return { prompts, teams, look };
}

function Tick({ id, label, value, onValue }: { id: string; label: string; value: boolean; onValue: (v: boolean) => void }) {
  return (
    <div class="nhsuk-checkboxes__item">
      <input class="nhsuk-checkboxes__input" id={id} type="checkbox" checked={value} onChange={(e) => onValue((e.target as HTMLInputElement).checked)} />
      <label class="nhsuk-label nhsuk-checkboxes__label" for={id}>{label}</label>
    </div>
  );
}

export function SendPage({ team, open }: PageProps) {
  const { prompts, teams, look } = useTeam(team.id, open);
  const [form, setForm] = useState<SendForm>(blank);
  const [wrong, setWrong] = useState<Wrong[]>([]);
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
    const problems = wrongWith(form, prompts);
    setWrong(problems);
    if (problems.length) return;
    setBusy(true);
    happened.current ||= Date.now();  // sent again after a failure, it is the same event
    try {
      setSent(await post<ScreenSentOff>(`${teamPath(team.id)}/events`, sendOf(form, id.current, team.id ?? '', happened.current, prompts)));
      setForm(blank);
    } catch (error) {
      const { problem, status } = error as Refusal;
      if (status >= 400 && status < 500) { id.current = newId(); happened.current = 0; }
      if (problem?.field?.startsWith('answers.')) await look();  // policy asks more than this page knew
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
  const call = form.kind === 'call_logged';
  const questions = asked(prompts, form.kind);
  const untold = form.familyInformed === 'FAMILY_INFORMED_NO' || form.familyInformed === 'FAMILY_INFORMED_UNSAFE';
  return (
    <Main>
      <ErrorSummary wrong={wrong} />
      <h1>Send</h1>
      <p>If a child is in danger now, ring first: <a href="tel:999">999</a>. A concern may be below any threshold and still be worth sharing.</p>
      <form onSubmit={submit} noValidate class="sb-send">
        <Choose {...field('kind')} label="What do you want to send?" options={sendKinds} />
        {call && <p class="sb-quiet">A call is told to those with a reason to know. If somebody must act on it, send a concern.</p>}
        <h2>The child</h2>
        <Field {...field('family')} label="Family name" width={20} /><Field {...field('given')} label="Given names" width={20} />
        <Field {...field('birthDate')} label="Date of birth" type="date" width={10} />
        <Field {...field('nhs')} label="NHS number, if you have it" hint="10 digits, for example 912 604 0018" width={20} />
        <Field {...field('area')} label="Council area code, if you have it" hint="It helps to reach the right area, for example E06009901" width={20} />
        <h2>What happened</h2>
        {call && <><Choose {...field('direction')} label="Who rang?" options={[['', 'Choose'], ['CALL_DIRECTION_MADE', 'I rang them'], ['CALL_DIRECTION_RECEIVED', 'They rang me']]} />
          <Field {...field('withWhom')} label="Whom was the call with?" hint="A name or a role, and the service" />
          <Field {...field('number')} label="Their number, if you have it" type="tel" width={20} /></>}
        <Field {...field('when')} label={call ? 'When was the call?' : 'When did it happen?'} hint="Leave it empty if it is now" type="datetime-local" width={20} />
        <Field {...field('text')} label={call ? 'What was said?' : 'What happened?'} hint="In plain words" rows={3} />
        <Field {...field('significance')} label="Why does it matter for this child?" rows={3} />
        <Field {...field('childVoice')} label="What did the child say or show?" rows={2} />
        {!form.childVoice.trim() && <Field {...field('childVoiceAbsent')} label="If that is not known, why?" hint="For example: too young to say" />}
        {call && <Field {...field('agreed')} label="What was agreed: who does what next? (optional)" rows={2} />}
        {form.kind === 'concern' && <Choose {...field('stage')} label="Has something happened, or is it building up?" options={[['', 'Choose'], ['actual', 'Something has happened'], ['emerging', 'It is building up']]} />}
        {form.kind === 'referral' && <Field {...field('referredTo')} label="Referred to which service?" />}
        {form.kind === 'concern' && <Choose {...field('threshold')} label="Do you think a threshold is met?" options={[['', 'Choose'], ['THRESHOLD_VIEW_NOT_MET', 'No, and worth sharing'], ['THRESHOLD_VIEW_UNCLEAR', 'Unclear'], ['THRESHOLD_VIEW_MET', 'Yes']]} />}
        <Choose {...field('urgency')} label="How urgent is it?" options={[['', 'Choose'], ['URGENCY_ROUTINE', 'Routine'], ['URGENCY_URGENT', 'Urgent: today'], ['URGENCY_IMMEDIATE', 'Immediate: I am ringing as well']]} />
        {questions.map((q) => <Field key={q.id} id={`answers.${q.id}`} label={`${q.question}${q.mandatory ? '' : ' (optional)'}`} {...(q.hint && { hint: q.hint })} rows={2}
          value={form.answers[q.id ?? ''] ?? ''} error={wrong.find(([f]) => f === `answers.${q.id}`)?.[1]}
          onValue={(value) => setForm((f) => ({ ...f, answers: { ...f.answers, [q.id ?? '']: value } }))} />)}
        <h2>You and the family</h2>
        <Field {...field('phone')} label="Number to ring you back on" type="tel" width={20} autocomplete="tel" />
        <Field {...field('phoneName')} label="Who will answer?" hint="A role or a team" width={20} />
        <Choose {...field('familyInformed')} label="Has the family been told?" options={[['', 'Choose'], ['FAMILY_INFORMED_YES', 'Yes'], ['FAMILY_INFORMED_NO', 'No'], ['FAMILY_INFORMED_UNSAFE', 'No: telling them would put someone at risk']]} />
        {untold && <Field {...field('familyReason')} label="Why not?" rows={2} />}
        <Choose {...field('viewsSought')} label="Has the child’s and the family’s view been sought?" options={[['', 'Choose'], ...Object.entries(viewsSought)]} />
        <div class="nhsuk-checkboxes">
          <Tick id="notOnline" label="Must not appear in an online record that the family can read" value={form.notOnline} onValue={(notOnline) => setForm((f) => ({ ...f, notOnline }))} />
          <Tick id="protectedAddress" label="The child’s address must be kept secret" value={form.protectedAddress} onValue={(protectedAddress) => setForm((f) => ({ ...f, protectedAddress }))} />
        </div>
        {form.protectedAddress && <p class="sb-quiet">Do not write the address, or where the child can be found, into any field.</p>}
        <h2>Who is told</h2>
        <p>Teams with a reason to know are told by what they have set: area, practice, place of care, children they know.</p>
        <Choose {...field('directTo')} label="Tell one more team by name (optional)" options={[['', 'No other team'], ...teams.map((e): [string, string] => [e.team ?? '', `${e.name} (${e.agencyName || e.agency})`])]} />
        <p><Button submit busy={busy}>Send</Button></p>
      </form>
    </Main>
  );
}
