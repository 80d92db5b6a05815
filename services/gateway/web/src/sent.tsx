// What this team sent, and who has not picked it up: overdue first.
import { useEffect, useState } from 'preact/hooks';
import { get, teamPath } from './api';
import { Main, type PageProps } from './app';
import { Button, Ring, Tag, useNow } from './bits';
import type * as S from './generated/schema';
import { lasted, ms, whenOf } from './time';
import { atLeast, kindOf, stateOf, urgencyOf } from './words';

const late = (r: S.SentRecipient, now: number) => r.attention === 'ATTENTION_ACT' && !atLeast(r.state, 'DELIVERY_STATE_ACKNOWLEDGED') &&
  (Boolean(r.overdueLevel) || (ms(r.acknowledgeByUs) > 0 && ms(r.acknowledgeByUs) <= now));

export function SentPage({ team, open }: PageProps) {
  const [sent, setSent] = useState<S.ScreenSent>();
  const [problem, setProblem] = useState('');
  const now = useNow();
  useEffect(() => {
    if (!open) return undefined;
    const load = () => get<S.ScreenSent>(`${teamPath(team.id)}/sent`).then((s) => { setSent(s); setProblem(''); }).catch((e: Error) => setProblem(e.message));
    void load();
    const timer = setInterval(load, 30_000);
    addEventListener('switchboard-sent', load);  // the stream of the list says so
    return () => { clearInterval(timer); removeEventListener('switchboard-sent', load); };
  }, [team.id, open]);
  const more = () => get<S.ScreenSent>(`${teamPath(team.id)}/sent?before=${sent?.nextBefore}`)
    .then((s) => setSent({ ...s, items: [...(sent?.items ?? []), ...(s.items ?? [])] })).catch((e: Error) => setProblem(e.message));
  const items = [...(sent?.items ?? [])].sort((a, b) =>
    Number((b.recipients ?? []).some((r) => late(r, now))) - Number((a.recipients ?? []).some((r) => late(r, now))) || ms(b.acceptedUs) - ms(a.acceptedUs));
  return (
    <Main>
      <h1>Sent by us</h1>
      {problem && <p class="sb-live sb-live--not" role="alert">{problem} What is shown may be out of date.</p>}
      {sent && !items.length && <p>Nothing sent as of {whenOf(sent.asOfUs, now)}.</p>}
      <ol class="sb-children">{items.map((item) => (
        <li key={item.position} class={`sb-child${(item.recipients ?? []).some((r) => late(r, now)) ? ' sb-child--overdue' : ''}`}>
          <h2 class="sb-sent__title">{kindOf(item.kind)}, sent {whenOf(item.acceptedUs, now)} <Tag tone={item.urgency === 'URGENCY_IMMEDIATE' ? 'red' : 'grey'}>{urgencyOf(item.urgency)}</Tag></h2>
          {item.tasks?.filter((t) => !t.state || t.state === 'TASK_STATE_UNSPECIFIED' || t.state === 'TASK_STATE_OPEN').map((t) => <div key={t.taskId} class="sb-note"><p><b>{t.title}</b> <Ring contact={t.numberNow} /></p>
            {t.script?.length ? <ul class="nhsuk-list nhsuk-list--bullet">{t.script.map((l) => <li key={l}>{l}</li>)}</ul> : null}</div>)}
          <ul class="nhsuk-list">{[...(item.recipients ?? [])].sort((a, b) => Number(late(b, now)) - Number(late(a, now))).map((r) => (
            <li key={r.team}><b>{r.teamName || r.team}</b>: {stateOf(r.state)}{r.pickedUpBy ? ` by ${r.pickedUpBy.name || r.pickedUpBy.person}` : ''}, for {lasted(now - ms(r.sinceUs))}
              {late(r, now) && <> <Tag tone="red">Overdue</Tag> <Ring contact={r.ring} /></>}</li>))}
            {!item.recipients?.length && <li>No team was told.</li>}</ul>
        </li>))}</ol>
      {sent?.nextBefore && sent.nextBefore !== '0' && <Button kind="secondary" onClick={more}>Show older</Button>}
    </Main>
  );
}
