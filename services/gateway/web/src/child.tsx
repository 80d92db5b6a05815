// All that this team was told about one child and what became of it here, newest first. On paper: everything
// unfolded, who printed it and when.
import { useEffect, useState } from 'preact/hooks';
import { Marks } from './alert';
import { get, teamPath } from './api';
import { go, Main, type PageProps, type Place } from './app';
import { Banner, Button, Choose, Facts, Ring, Tag, useNow } from './bits';
import { factsOf, isSecret } from './facts';
import type * as S from './generated/schema';
import { matching, moments, shownOf, shownQuery, withOlder, type Moment, type Shown } from './timeline';
import { clockOf, dateOf, usOf, whenOf } from './time';
import { assuranceOf, kindOf, listOf, stateOf, stepOf } from './words';

const people = (actor: S.Actor | undefined): string => [actor?.name || actor?.person, actor?.role].filter(Boolean).join(', ');
// In full always: "today" means nothing on paper.
const when = (us: string | undefined): string => whenOf(us, 0);
const notAll = 'It is not the child’s whole record.';

export function ChildPage({ session, team, open, place }: PageProps & { place: Place }) {
  const [child, setChild] = useState<S.ScreenChild>();
  const [problem, setProblem] = useState('');
  const now = useNow();
  const base = `/teams/${encodeURIComponent(team.id ?? '')}`;
  const path = `${teamPath(team.id)}/children/${encodeURIComponent(place.rest)}`;
  useEffect(() => {
    if (open) get<S.ScreenChild>(path).then(setChild).catch((e: Error) => setProblem(e.message));
  }, [path, open]);
  const alerts = child?.alerts ?? [];
  const first = alerts.find((a) => a.identity);
  const older = child?.view?.nextBefore && child.view.nextBefore !== '0';
  const more = () => get<S.ScreenChild>(`${path}?before=${child?.view?.nextBefore}`)
    .then((c) => setChild((was) => (was ? withOlder(was, c) : c))).catch((e: Error) => setProblem(e.message));
  const shown = shownOf(place.query);
  const set = (change: Partial<Shown>) => go(`${base}/children/${encodeURIComponent(place.rest)}${shownQuery({ ...shown, ...change })}`);
  const names = new Map((child?.view?.involved ?? []).map((e) => [e.team ?? '', e.name ?? '']));
  const list = matching(moments(alerts, child?.view?.steps ?? []), shown);
  return (
    <Main>
      <p class="sb-no-print"><a href={`${base}/alerts`}>Back to alerts</a></p>
      {problem && <p class="sb-live sb-live--not" role="alert">{problem}</p>}
      {!child ? <h1>Child</h1> : <>
        <p class="sb-print">Printed by {[session.name, session.role].filter(Boolean).join(', ')}, {team.name}, at {clockOf(usOf(now))} on {dateOf(usOf(now))}. What this team was told, as of {when(child.asOfUs)}. {notAll}
          {older ? ' What is older is not on this paper.' : ''}{filterWords(shown) && ` Only ${filterWords(shown)}.`}</p>
        <Banner level={1} now={now} identity={first?.identity} provisional={Boolean(first?.notice?.unverifiedIdentity)} secret={isSecret(alerts)} />
        <Handling alerts={alerts} />
        <h2>Open plans</h2>
        {child.view?.plans?.length ? <ul class="nhsuk-list">{child.view.plans.map((p) => <li key={`${p.list}${p.team}`}><b>{listOf(p.list)}</b>, {p.teamName || p.team} <Ring contact={p.ring} label="– ring" /></li>)}</ul> : <p>None that this team may see.</p>}
        <h2>Teams involved</h2>
        {child.view?.involved?.length ? <ul class="nhsuk-list">{child.view.involved.map((e) => <li key={e.team}><b>{e.name}</b>, {e.agencyName || e.agency} <Ring contact={e.ringNow} label="– ring" /></li>)}</ul> : <p>None that this team may see.</p>}
        <h2>Timeline</h2>
        <Filters alerts={alerts} shown={shown} onShown={set} />
        <ol class="sb-timeline">{list.map((m) => (m.step
          ? <Done key={m.key} moment={m} step={m.step} names={names} />
          : <Told key={m.key} alert={m.alert} secret={isSecret(alerts)} now={now} />))}</ol>
        {!list.length && <p>Nothing of that kind here.</p>}
        {older && <p><Button kind="secondary" onClick={more}>Show older</Button></p>}
        <p class="sb-quiet">What this team was told, and what it did, as of {when(child.asOfUs)}. {notAll}</p>
        <Button kind="secondary" onClick={() => print()}>Print</Button>
      </>}
    </Main>
  );
}

const filterWords = (shown: Shown): string =>
  [shown.kind && kindOf(shown.kind), shown.agency && `from ${shown.agency}`, !shown.acts && 'without what was done'].filter(Boolean).join(', ');

function Filters({ alerts, shown, onShown }: { alerts: S.Alert[]; shown: Shown; onShown: (change: Partial<Shown>) => void }) {
  const all = (pick: (a: S.Alert) => string | undefined, chosen: string) => [...new Set([...alerts.flatMap((a) => pick(a) ?? []), ...(chosen ? [chosen] : [])])].sort();
  return (
    <div class="sb-tools">
      <Choose id="timeline-kind" label="Kind" value={shown.kind} onValue={(kind) => onShown({ kind })}
        options={[['', 'All'], ...all((a) => a.header?.kind, shown.kind).map((k): [string, string] => [k, kindOf(k)])]} />
      <Choose id="timeline-agency" label="Agency" value={shown.agency} onValue={(agency) => onShown({ agency })}
        options={[['', 'All'], ...all((a) => a.header?.agency, shown.agency).map((a): [string, string] => [a, a])]} />
      <Choose id="timeline-acts" label="Show" value={shown.acts ? '' : 'events'} onValue={(v) => onShown({ acts: v !== 'events' })}
        options={[['', 'Events and what was done'], ['events', 'Events only']]} />
    </div>
  );
}

// What whoever holds this page must obey.
function Handling({ alerts }: { alerts: S.Alert[] }) {
  const safety = alerts.filter((a) => a.header?.staffSafety);
  const offline = alerts.some((a) => a.header?.notForOnlineRecord);
  if (!safety.length && !offline) return null;
  const texts = [...new Set(safety.map((a) => a.detail?.staffSafetyText).filter(Boolean))];
  return (
    <section class="sb-note" aria-labelledby="handling"><h2 id="handling">Before you use this</h2>
      {safety.length > 0 && <p><b>Staff safety: read before a visit.</b> {texts.join(' ') || 'Ring the sender for why.'}</p>}
      {offline && <p><b>Not for the online record:</b> what is marked so must not appear where the family can read it.</p>}
    </section>
  );
}

function Told({ alert, secret, now }: { alert: S.Alert; secret: boolean; now: number }) {
  const [unfolded, setUnfolded] = useState(false);
  const n = alert.notice ?? {};
  return (
    <li>
      <div class="sb-alert__what"><h3>{kindOf(alert.header?.kind)}</h3><Marks alert={alert} now={now} clock={false} />
        {n.unverifiedIdentity && <Tag tone="yellow">Provisional identity</Tag>}</div>
      <p class="sb-quiet">Happened {when(n.occurredUs)}. Told {when(n.acceptedUs)}. {alert.header?.agency}. Reference <span class="sb-ref">{alert.reference}</span></p>
      {alert.summary?.text && <p>{alert.summary.text}</p>}
      <p class="sb-quiet">{stateOf(n.state)}{n.pickedUpBy ? ` by ${people(n.pickedUpBy)}, ${when(n.pickedUpUs)}` : ''}.</p>
      <div class={unfolded ? '' : 'sb-folded'}><Facts rows={factsOf(alert, secret)} /><p><Ring contact={n.callBack} label="Ring the sender:" /></p></div>
      <Button kind="secondary" hidden={`${kindOf(alert.header?.kind)}, ${alert.reference}`} expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>{unfolded ? 'Close details' : 'Details'}</Button>
    </li>
  );
}

function Done({ moment, step, names }: { moment: Moment; step: S.JourneyStep; names: Map<string, string> }) {
  const late = Boolean(step.overdueLevel) && !step.actor;
  const who = people(step.actor);
  const assurance = assuranceOf(step.actor?.assurance);
  return (
    <li class="sb-timeline__act">
      <p>{late && <><Tag tone="red">Overdue</Tag> </>}<b>{stepOf(step)}</b>{step.toTeam ? ` (${names.get(step.toTeam) || step.toTeam})` : ''}{who ? ` by ${who}` : ''}{who && assurance ? ` (${assurance})` : ''}, {when(step.atUs)}</p>
      {step.outcome && <p>{step.outcome}</p>}
      <p class="sb-quiet">{kindOf(moment.alert.header?.kind)}, <span class="sb-ref">{moment.alert.reference}</span></p>
    </li>
  );
}
