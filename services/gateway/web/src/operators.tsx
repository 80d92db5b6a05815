// How the hub is, for those who look after it: no child, no content. Anew every ten seconds while somebody
// can see it; what cannot be known now is never shown as if it were.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { get, type Refusal } from './api';
import { Main } from './app';
import { Ring, Tag, type Tone, useNow } from './bits';
import type * as S from './generated/schema';
import { type Adapter, adaptersOf, behindOf, clockWords, count, findingsOf, headlineOf, referenceOf, sizeOf, teamRows, type Weight } from './operator';
import { ms, whenOf } from './time';
import { kindOf, urgencyOf } from './words';

const kEvery = 10_000;
const tones: Record<Weight, [Tone, string]> = { now: ['red', 'Now'], soon: ['orange', 'Today'], note: ['grey', 'To know'] };

function useOperator(open: boolean) {
  const [seen, setSeen] = useState<S.ScreenOperator>();
  const [problem, setProblem] = useState<Refusal>();
  useEffect(() => {
    if (!open) return undefined;
    let gone = false;
    const load = () => {
      if (document.visibilityState === 'hidden') return;
      get<S.ScreenOperator>('/api/operator')
        .then((o) => { if (!gone) { setSeen(o); setProblem(undefined); } })
        .catch((e: Refusal) => { if (!gone) setProblem(e); });
    };
    load();
    const timer = setInterval(load, kEvery);
    document.addEventListener('visibilitychange', load);
    return () => { gone = true; clearInterval(timer); document.removeEventListener('visibilitychange', load); };
  }, [open]);
  return { seen, problem };
}

export function OperatorsPage({ open, place }: { open: boolean; place: string }) {
  const { seen, problem } = useOperator(open);
  const now = useNow(5_000);
  useEffect(() => { document.title = `The hub – ${place}`; }, [place]);
  const asOf = whenOf(seen?.asOfUs, now);
  return (
    <Main>
      <h1>The hub</h1>
      {problem && <p class="sb-live sb-live--not" role="alert">{problem.status === 403 ? <b>Not for you: </b> : <b>Not known now: </b>}{problem.message}{/[.!?]$/.test(problem.message) ? '' : '.'}{seen ? ` What stands below is as of ${asOf}: do not rely on it.` : ''}</p>}
      {!seen && !problem && <p role="status">Asking the hub</p>}
      {seen && <>
        <Health seen={seen} old={Boolean(problem)} />
        <p class="sb-quiet">As of {asOf}. {seen.status?.hub ? `Hub ${seen.status.hub}, position ${seen.status.promise?.position ?? 0}, ${count(Number(seen.status.events ?? 0), 'event', 'events')}, ${sizeOf(seen.status.freeBytes)} free.` : ''}</p>
        <Breaches seen={seen} now={now} asOf={asOf} />
        <Adapters seen={seen} now={now} asOf={asOf} />
        <Teams seen={seen} now={now} asOf={asOf} />
        <Quarantine seen={seen} now={now} asOf={asOf} />
        <Unrouted seen={seen} now={now} asOf={asOf} />
      </>}
    </Main>
  );
}

// An old sentence is read out no more: the warning above it counts.
function Health({ seen, old }: { seen: S.ScreenOperator; old: boolean }) {
  const found = findingsOf(seen);
  const well = found.every((f) => f.weight === 'note');
  const rest = well ? found : found.slice(1);  // the first is the sentence
  return (
    <section aria-labelledby="health">
      <h2 id="health">Health in plain words</h2>
      <p class={well ? 'sb-health' : 'sb-health sb-health--bad'} role={old ? undefined : 'status'}>{old ? 'Then: ' : ''}{headlineOf(seen, found)}</p>
      {rest.length > 0 && <ul class="nhsuk-list sb-findings">{rest.map((f) => (
        <li key={f.what}><Tag tone={tones[f.weight][0]}>{tones[f.weight][1]}</Tag> {f.what} <b>Do this:</b> {f.then}.</li>))}</ul>}
    </section>
  );
}

interface Seen { seen: S.ScreenOperator; now: number; asOf: string }
function Rows(p: { id: string; title: string; head: string[]; none: string; children: ComponentChildren[]; after?: ComponentChildren }) {
  return (
    <section aria-labelledby={p.id}>
      <h2 id={p.id}>{p.title}</h2>
      {p.children.length === 0 ? <p>{p.none}</p> : (
        <div class="sb-scroll" role="region" aria-labelledby={p.id} tabIndex={0}>
          <table class="nhsuk-table sb-table sb-operator"><caption class="nhsuk-u-visually-hidden">{p.title}</caption>
            <thead><tr>{p.head.map((h) => <th key={h} scope="col">{h}</th>)}</tr></thead>
            <tbody>{p.children}</tbody></table>
        </div>)}
      {p.after}
    </section>
  );
}
const Type = ({ children }: { children: string }) => <p>Type: <code>{children}</code></p>;

function Breaches({ seen, now, asOf }: Seen) {
  const names = new Map((seen.status?.teams ?? []).map((t) => [t.team, t.name]));
  const rows = seen.breaches?.rows ?? [];
  return (
    <Rows id="breaches" title="About to breach, within 4 hours" none={`None as of ${asOf}: nothing is late, and nothing will be within 4 hours.`}
      head={['Team', 'What', 'Due', 'Ring now', 'Reference']}
      after={<>{seen.breaches && !seen.breaches.complete && rows.length > 0 && <p>There are more: these are the most urgent.</p>}{rows.length > 0 && <Type>switchboard breaches --within 4h</Type>}</>}>
      {rows.map((r) => (
        <tr key={`${r.team}${r.number}${r.clock}`}><th scope="row">{names.get(r.team) || r.team}<br /><span class="sb-quiet">number {r.number ?? 0}</span></th>
          <td>{clockWords(r.clock)}<br /><span class="sb-quiet">{urgencyOf(r.urgency)}{r.level ? `, level ${r.level}` : ''}</span></td>
          <td>{ms(r.dueUs) <= now ? <Tag tone="red">Late</Tag> : <Tag tone="orange">Soon</Tag>} {whenOf(r.dueUs, now)}</td>
          <td>{r.ring?.phone ? <Ring contact={r.ring} label="" /> : 'No number'}</td>
          <td class="sb-reference">{referenceOf(r.eventId)}</td></tr>))}
    </Rows>
  );
}

const Heard = ({ a, now }: { a: Adapter; now: number }) => (
  <>{ms(a.lastUs) ? whenOf(a.lastUs, now) : 'Never heard'}<br /><span class="sb-quiet">{a.connected ? 'connected' : 'not connected'}</span></>
);
function Adapters({ seen, now, asOf }: Seen) {
  return (
    <Rows id="adapters" title="Adapters" none={`None as of ${asOf}.`} head={['Adapter', 'Last seen', 'Is it silent?', 'Last proven by probe', 'Since the hub started']}
      after={<Type>switchboard watch</Type>}>
      {adaptersOf(seen).map((a) => (
        <tr key={a.name}><th scope="row">{a.name}</th>
          <td><Heard a={a} now={now} /></td>
          <td>{a.alarm ? <Tag tone="red">Silent</Tag> : a.watched ? 'No' : <Tag tone="grey">Not watched</Tag>}{a.why && <><br /><span class="sb-quiet">{a.why}</span></>}</td>
          <td>{a.proofs.length === 0 ? 'No probe is sent' : a.proofs.map((p) => (
            <div key={p.team}>{p.alarm && <><Tag tone="red">Not proven</Tag> </>}to {p.team}: {ms(p.lastUs) ? whenOf(p.lastUs, now) : 'never'}{p.alarm && <><br /><span class="sb-quiet">{p.why}</span></>}</div>))}</td>
          <td>{count(a.accepted, 'event', 'events')}{a.quarantined ? `, ${a.quarantined} in quarantine` : ''}</td></tr>))}
    </Rows>
  );
}

function Teams({ seen, now, asOf }: Seen) {
  return (
    <Rows id="teams" title="Teams" none={`None as of ${asOf}.`} head={['Team', 'Connected', 'Behind by', 'Open', 'Oldest open', 'Overdue']}
      after={<Type>switchboard status</Type>}>
      {teamRows(seen.status).map((t) => (
        <tr key={t.team}><th scope="row">{t.name || t.team}<br /><span class="sb-quiet">{t.team}</span></th>
          <td>{t.endpointsConnected ? count(t.endpointsConnected, 'system', 'systems') : <Tag tone={Number(t.openAct ?? 0) ? 'red' : 'grey'}>Not connected</Tag>}</td>
          <td>{behindOf(t)}{Number(t.parked ?? 0) > 0 && <><br /><Tag tone="red">{`${t.parked} could not be used`}</Tag></>}</td>
          <td>{t.openAct ?? 0}</td><td>{ms(t.oldestOpenUs) ? whenOf(t.oldestOpenUs, now) : 'None'}</td>
          <td>{Number(t.overdue ?? 0) ? <Tag tone="red">{`${t.overdue} overdue`}</Tag> : 'None'}</td></tr>))}
    </Rows>
  );
}

const From = ({ row, now }: { row: S.EventRow; now: number }) => (
  <><th scope="row">{[row.agency, row.system].filter(Boolean).join('/')}<br /><span class="sb-quiet">{whenOf(row.acceptedUs, now)}</span></th>
    <td>{kindOf(row.kind)}{row.urgency && row.urgency !== 'URGENCY_UNSPECIFIED' && <><br /><span class="sb-quiet">{urgencyOf(row.urgency)}</span></>}{row.environment === 'ENVIRONMENT_TEST' && <> <Tag tone="grey">Test</Tag></>}</td></>
);
const newest = (shown: number, all: number) => (all > shown ? ` These are the newest ${shown} of ${all}.` : '');

function Quarantine({ seen, now, asOf }: Seen) {
  const rows = seen.quarantine ?? [];
  return (
    <Rows id="quarantine" title="Quarantine" none={`None as of ${asOf}.`} head={['From', 'Kind', 'What is wrong', 'Source’s message id', 'Look at it']}
      after={rows.length > 0 && <p>No team was told of these. First tell the source’s safeguarding team by telephone, then correct the cause (runbook quarantine).{newest(rows.length, Number(seen.status?.quarantinedOpen ?? 0))}</p>}>
      {rows.map((r) => (
        <tr key={r.position}><From row={r} now={now} />
          <td>{r.text || 'Not said'}<br /><span class="sb-quiet">{r.code}</span></td>
          <td>{r.sourceMessageId ? <span class="sb-reference">{r.sourceMessageId}</span> : 'None'}{r.reusedSourceId && <> <Tag tone="orange">Reused</Tag></>}</td>
          <td><code>switchboard quarantine show {r.position}</code></td></tr>))}
    </Rows>
  );
}

function Unrouted({ seen, now, asOf }: Seen) {
  const rows = seen.unrouted ?? [];
  return (
    <Rows id="unrouted" title="Unrouted" none={`None as of ${asOf}.`} head={['From', 'Kind', 'Reference', 'Look at it']}
      after={rows.length > 0 && <p>These matched no route: the sender’s safety-net team was told, with a clock. Is a route, a practice or an area missing?{newest(rows.length, Number(seen.status?.unrouted ?? 0))}</p>}>
      {rows.map((r) => (
        <tr key={r.position}><From row={r} now={now} />
          <td class="sb-reference">{referenceOf(r.eventId)}{r.unverifiedIdentity && <> <Tag tone="yellow">Provisional identity</Tag></>}</td>
          <td><code>switchboard unrouted show {r.position}</code></td></tr>))}
    </Rows>
  );
}
