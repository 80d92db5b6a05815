// What this team sent, and who has not picked it up: overdue first.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Told } from './alert';
import { get, teamPath } from './api';
import { go, Main, type PageProps, type Place } from './app';
import { Button, Ring, Tag, useNow } from './bits';
import type * as S from './generated/schema';
import { lateAt } from './shift';
import { TaskCard } from './tasks';
import { lasted, ms, whenOf } from './time';
import { taskOpen } from './board';
import { kindOf, referenceOf, stateOf, urgencyOf } from './words';

export function SentPage({ team, open, place }: PageProps & { place: Place }) {
  const [sent, setSent] = useState<S.ScreenSent>();
  const [problem, setProblem] = useState('');
  const now = useNow();
  const only = place.query.get('show') === 'open';
  const path = `${teamPath(team.id)}/sent`;
  const load = useCallback(() => get<S.ScreenSent>(`${path}${only ? '?open=1' : ''}`).then((s) => { setSent(s); setProblem(''); }).catch((e: Error) => setProblem(e.message)), [path, only]);
  useEffect(() => {
    if (!open) return undefined;
    void load();
    const timer = setInterval(load, 30_000);
    addEventListener('switchboard-sent', load);  // the stream of the list says so
    return () => { clearInterval(timer); removeEventListener('switchboard-sent', load); };
  }, [open, load]);
  const more = () => get<S.ScreenSent>(`${path}?before=${sent?.nextBefore}${only ? '&open=1' : ''}`)
    .then((s) => setSent({ ...s, items: [...(sent?.items ?? []), ...(s.items ?? [])] })).catch((e: Error) => setProblem(e.message));
  const late = (item: S.SentItem) => (item.recipients ?? []).some((r) => lateAt(r, now));
  const items = [...(sent?.items ?? [])].sort((a, b) => Number(late(b)) - Number(late(a)) || ms(b.acceptedUs) - ms(a.acceptedUs));
  return (
    <Main>
      <h1>Sent by us <span class="sb-top__team">{team.name}</span></h1>
      {problem && <p class="sb-live sb-live--not" role="alert">{problem} What is shown may be out of date.</p>}
      <div class="sb-tools"><label>Show <select class="nhsuk-select" value={only ? 'open' : ''} onChange={(e) => go(`/teams/${encodeURIComponent(team.id ?? '')}/sent${(e.target as HTMLSelectElement).value ? '?show=open' : ''}`)}>
        <option value="">Everything</option><option value="open">Not yet picked up or finished</option></select></label></div>
      {sent && !items.length && <p class="sb-empty">Nothing {only ? 'open' : 'sent'} as of {whenOf(sent.asOfUs, now)}.</p>}
      <ol class="sb-children">{items.map((item) => <li key={item.position} class={`sb-child${late(item) ? ' sb-child--overdue' : ''}`}><SentCard item={item} team={team.id} now={now} onActed={load} /></li>)}</ol>
      {sent?.nextBefore && sent.nextBefore !== '0' && <Button kind="secondary" onClick={more}>Show older</Button>}
    </Main>
  );
}

function SentCard({ item, team, now, onActed }: { item: S.SentItem; team: string | undefined; now: number; onActed: () => void }) {
  const [open, setOpen] = useState(false);
  const [journey, setJourney] = useState<S.ScreenJourney>();
  const [problem, setProblem] = useState('');
  const reference = referenceOf(item.eventId);
  const about = `${kindOf(item.kind)}, ${reference}`;
  useEffect(() => {
    if (open) get<S.ScreenJourney>(`${teamPath(team)}/sent/${reference}/journey`).then((j) => { setJourney(j); setProblem(''); }).catch((e: Error) => setProblem(e.message));
  }, [open, team, reference, item]);
  const recipients = [...(item.recipients ?? [])].sort((a, b) => Number(lateAt(b, now)) - Number(lateAt(a, now)));
  return (
    <article aria-label={about}>
      <h2 class="sb-sent__title">{kindOf(item.kind)}, sent {whenOf(item.acceptedUs, now)} <Tag tone={item.urgency === 'URGENCY_IMMEDIATE' ? 'red' : item.urgency === 'URGENCY_URGENT' ? 'orange' : 'grey'}>{urgencyOf(item.urgency)}</Tag></h2>
      <p class="sb-quiet">Happened {whenOf(item.occurredUs, now)}. Reference <span class="sb-ref">{reference}</span></p>
      <ul class="nhsuk-list">{recipients.map((r) => (
        <li key={r.team}><b>{r.teamName || r.team}</b>: {stateOf(r.state)}{r.pickedUpBy ? ` by ${r.pickedUpBy.name || r.pickedUpBy.person}` : ''}, for {lasted(now - ms(r.sinceUs))}
          {lateAt(r, now) && <> <Tag tone="red">Overdue</Tag> <Ring contact={r.ring} /></>}</li>))}
        {!recipients.length && <li>No team was told.</li>}</ul>
      {(item.tasks ?? []).map((task) => ({ task })).filter(taskOpen).map((row) => <TaskCard key={row.task.taskId} row={row} team={team} now={now} onActed={onActed} />)}
      <div class="sb-acts"><Button kind="secondary" hidden={about} expanded={open} onClick={() => setOpen(!open)}>{open ? 'Close' : 'Who was told, and who opened it'}</Button></div>
      {open && problem && <p class="nhsuk-error-message" role="alert">{problem}</p>}
      {open && journey && <Told journey={journey} now={now} />}
    </article>
  );
}
