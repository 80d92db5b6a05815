// All that this team was told about one child, newest first.
import { useEffect, useState } from 'preact/hooks';
import { get, teamPath } from './api';
import { Main, type PageProps } from './app';
import { Banner, Button, Choose, Ring, Tag, useNow } from './bits';
import type * as S from './generated/schema';
import { whenOf } from './time';
import { correctionOf, kindOf, listOf, stateOf } from './words';

export function ChildPage({ team, open, number }: PageProps & { number: string }) {
  const [child, setChild] = useState<S.ScreenChild>();
  const [problem, setProblem] = useState('');
  const [kind, setKind] = useState('');
  const now = useNow();
  const path = `${teamPath(team.id)}/children/${encodeURIComponent(number)}`;
  useEffect(() => {
    if (open) get<S.ScreenChild>(path).then(setChild).catch((e: Error) => setProblem(e.message));
  }, [path, open]);
  const alerts = child?.alerts ?? [];
  const more = () => get<S.ScreenChild>(`${path}?before=${child?.view?.nextBefore}`)
    .then((c) => setChild({ ...c, alerts: [...alerts, ...(c.alerts ?? [])] })).catch((e: Error) => setProblem(e.message));
  const first = alerts.find((a) => a.identity);
  const kinds = [...new Set(alerts.flatMap((a) => a.header?.kind ?? []))];
  return (
    <Main>
      <p><a href={`/teams/${encodeURIComponent(team.id ?? '')}/alerts`}>Back to alerts</a></p>
      {problem && <p class="sb-live sb-live--not" role="alert">{problem}</p>}
      {!child ? <h1>Child</h1> : <>
        <Banner level={1} now={now} identity={first?.identity} provisional={Boolean(first?.notice?.unverifiedIdentity)} />
        <h2>Open plans</h2>
        {child.view?.plans?.length ? <ul class="nhsuk-list">{child.view.plans.map((p) => <li key={`${p.list}${p.team}`}><b>{listOf(p.list)}</b>, {p.teamName || p.team} <Ring contact={p.ring} label="– ring" /></li>)}</ul> : <p>None that this team may see.</p>}
        <h2>Teams involved</h2>
        {child.view?.involved?.length ? <ul class="nhsuk-list">{child.view.involved.map((e) => <li key={e.team}><b>{e.name}</b>, {e.agencyName || e.agency} <Ring contact={e.ringNow} label="– ring" /></li>)}</ul> : <p>None that this team may see.</p>}
        <h2>Timeline</h2>
        <Choose id="timeline-kind" label="Show" value={kind} onValue={setKind} options={[['', 'Everything'], ...kinds.map((k): [string, string] => [k, kindOf(k)])]} />
        <ol class="sb-timeline">{alerts.filter((a) => !kind || a.header?.kind === kind).map((a) => (
          <li key={a.number}><h3>{kindOf(a.header?.kind)} {correctionOf(a.notice?.corrected) && <Tag tone="yellow">{correctionOf(a.notice?.corrected)}</Tag>}</h3>
            <p class="sb-quiet">Happened {whenOf(a.notice?.occurredUs, now)}. Told {whenOf(a.notice?.acceptedUs, now)}. {a.header?.agency}</p>
            {a.summary?.text && <p>{a.summary.text}</p>}
            <p class="sb-quiet">{stateOf(a.notice?.state)}{a.notice?.pickedUpBy ? ` by ${a.notice.pickedUpBy.name || a.notice.pickedUpBy.person}, ${whenOf(a.notice.pickedUpUs, now)}` : ''}. Reference {a.reference}</p></li>))}</ol>
        {child.view?.nextBefore && child.view.nextBefore !== '0' && <Button kind="secondary" onClick={more}>Show older</Button>}
        <p class="sb-quiet">What this team was told, as of {whenOf(child.asOfUs, now)}. It is not the child’s whole record.</p>
        <Button kind="secondary" onClick={() => print()}>Print</Button>
      </>}
    </Main>
  );
}
