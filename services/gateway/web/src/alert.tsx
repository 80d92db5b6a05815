// One alert inside its child's card: the state in words, the one next act, the rest under "More".
import { useEffect, useRef, useState } from 'preact/hooks';
import type * as S from './generated/schema';
import { get, post, teamPath } from './api';
import { Button, Choose, Facts, Field, Ring, Tag } from './bits';
import { factsOf } from './facts';
import { clockOf, lasted, ms, usOf, whenOf } from './time';
import { dueOf, immediate, overdue } from './view';
import { assuranceOf, atLeast, callResults, causeOf, correctionOf, kindOf, knownKinds, newId, stateOf, urgencyOf } from './words';

interface Props { alert: S.Alert; secret?: boolean; team: string | undefined; person: string; now: number; onActing: () => void; onActed: (done: S.ScreenActed) => void }

export function Marks({ alert, now, clock = true }: { alert: S.Alert; now: number; clock?: boolean }) {
  const n = alert.notice ?? {};
  const kind = alert.header?.kind;
  return (
    <span class="sb-marks">
      {clock && overdue(alert, now) && <Tag tone="red">Overdue by {lasted(now - dueOf(alert))}</Tag>}
      {immediate(alert) ? <Tag tone="red">Immediate</Tag> : <Tag tone={n.urgency === 'URGENCY_URGENT' ? 'orange' : 'grey'}>{urgencyOf(n.urgency) || 'Urgency not said'}</Tag>}
      {correctionOf(n.corrected) && <Tag tone="yellow">{correctionOf(n.corrected)}</Tag>}
      {n.toldLate && <Tag tone="yellow">Told late: happened {lasted(now - ms(n.occurredUs))} ago</Tag>}
      {n.joined && <Tag tone="blue">Told because the child joined your team</Tag>}
      {n.replayed && <Tag tone="grey">Sent again</Tag>}
      {n.test && <Tag tone="grey">Test</Tag>}
      {(n.unknownKind || (kind && !knownKinds.includes(kind))) && <Tag tone="grey">Unknown kind</Tag>}
      {alert.header?.staffSafety && <Tag tone="orange">Staff safety: read before a visit</Tag>}
      {alert.header?.notForOnlineRecord && <Tag tone="orange">Not for the online record</Tag>}
    </span>
  );
}

function stateWords(alert: S.Alert, person: string, now: number): string {
  const n = alert.notice ?? {};
  const due = dueOf(alert);
  const by = due ? ` Due ${whenOf(usOf(due), now)}.` : '';
  if (n.handedTo) return `Offered to ${n.handedTo}: it stays with you until they take it.${by}`;
  if (n.pickedUpBy && atLeast(n.state, 'DELIVERY_STATE_ACKNOWLEDGED')) {
    const who = n.pickedUpBy.person === person ? 'you' : n.pickedUpBy.name || n.pickedUpBy.person;
    return `${stateOf(n.state)}: ${who}, ${whenOf(n.pickedUpUs, now)}.${by}`;
  }
  if (n.attention !== 'ATTENTION_ACT') return 'For information: opening it is enough.';
  return atLeast(n.state, 'DELIVERY_STATE_ACKNOWLEDGED') ? `${stateOf(n.state)}.${by}` : `Nobody has picked it up.${by ? ` Pick up by ${whenOf(usOf(due), now)}.` : ''}`;
}

type Form = '' | 'action' | 'finish' | 'notours' | 'handover' | 'decline' | 'call';

export function AlertRow(p: Props) {
  const { alert, now } = p;
  const n = alert.notice ?? {};
  const [form, setForm] = useState<Form>('');
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState('');
  const [undo, setUndo] = useState<{ act: string; until: number }>();
  const [busy, setBusy] = useState(false);
  const retry = useRef<{ key: string; id: string } | undefined>(undefined);  // the same act sent again keeps its id
  const undoButton = useRef<HTMLParagraphElement>(null);
  const [taken, setTaken] = useState(0);  // acts that the hub took, and that took their own button away
  const acts = useRef<HTMLDivElement>(null);
  const about = `${kindOf(alert.header?.kind)}, ${alert.reference}`;

  const act = async (body: S.ScreenAct): Promise<boolean> => {
    if (busy) return false;
    const key = JSON.stringify(body);
    const id = retry.current?.key === key ? retry.current.id : newId();
    retry.current = { key, id };
    setBusy(true);
    p.onActing();  // the stream may tell of it before the answer does: the row stays, and its Undo
    try {
      const done = await post<S.ScreenActed>(`${teamPath(p.team)}/alerts/${alert.number}/acts`, { ...body, actId: id, reference: alert.reference });
      const code = done.outcome?.code ?? 'CODE_OK';
      setProblem(code === 'CODE_OK' || code === 'CODE_DUPLICATE' ? '' : (done.outcome?.text || 'The hub did not take it. Nothing was changed.'));
      retry.current = undefined;
      setUndo(ms(done.undoUntilUs) > Date.now() ? { act: id, until: ms(done.undoUntilUs) } : undefined);
      if (body.kind !== 'ACT_KIND_OPEN') setForm('');
      p.onActed(done);
      if (body.kind !== 'ACT_KIND_OPEN' && !ms(done.undoUntilUs)) setTaken((count) => count + 1);
      return true;
    } catch (error) {
      setProblem((error as Error).message);
      return false;
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => { undoButton.current?.querySelector('button')?.focus(); }, [undo?.act]);
  // What was pressed may be gone (Undo, a form's Save): the next act takes the focus, not the page's top.
  useEffect(() => {
    if (taken) acts.current?.querySelector('button')?.focus();
  }, [taken]);
  const formWas = useRef<Form>('');
  useEffect(() => {
    if (formWas.current && !form && document.activeElement === document.body) acts.current?.querySelector('button')?.focus();
    formWas.current = form;
  }, [form]);

  const isAct = n.attention === 'ATTENTION_ACT';
  const picked = atLeast(n.state, 'DELIVERY_STATE_ACKNOWLEDGED');
  const finished = atLeast(n.state, 'DELIVERY_STATE_FINISHED');
  const offered = n.cause === 'CAUSE_HANDOVER' && !picked;
  const toggle = () => {
    if (!open && !atLeast(n.state, 'DELIVERY_STATE_OPENED')) void act({ kind: 'ACT_KIND_OPEN' });
    setOpen(!open);
  };
  const late = overdue(alert, now);
  const ring = n.callBack ?? alert.header?.callBack;
  return (
    <article class="sb-alert" aria-label={about}>
      <div class="sb-alert__what">
        <h3>{alert.header?.kind ? kindOf(alert.header.kind) : 'Alert: ring the sender for what it is'}</h3>
        <Marks alert={alert} now={now} />
      </div>
      {alert.summary?.text && <p class="sb-alert__text">{alert.summary.text}</p>}
      <p class="sb-alert__state">{stateWords(alert, p.person, now)} <span class="sb-quiet">Happened {whenOf(n.occurredUs, now)}. Told {whenOf(n.acceptedUs, now)}. Reference <span class="sb-ref">{alert.reference}</span></span></p>
      {(late || immediate(alert) || !alert.header) && <p class="sb-alert__ring"><Ring contact={ring} label="Ring the sender:" />{n.outOfHours?.phone && <> <Ring contact={n.outOfHours} label="Out of hours:" /></>}</p>}
      {problem && <p class="nhsuk-error-message" role="alert">{problem}</p>}
      {undo && undo.until > now && <p class="sb-undo" ref={undoButton}>Done. <Button kind="secondary" hidden={about} onClick={() => void act({ kind: 'ACT_KIND_UNDO', undoes: undo.act })}>Undo</Button> until {clockOf(usOf(undo.until))}</p>}
      <div class="sb-acts" ref={acts}>
        {isAct && !picked && !offered && !undo && <Button busy={busy} hidden={about} onClick={() => void act({ kind: 'ACT_KIND_ACKNOWLEDGE' })}>Pick up</Button>}
        {offered && <><Button busy={busy} hidden={about} onClick={() => void act({ kind: 'ACT_KIND_TAKE' })}>Take over</Button>
          <Button kind="secondary" hidden={about} expanded={form === 'decline'} onClick={() => setForm('decline')}>Decline</Button></>}
        {isAct && picked && !finished && <Button kind="secondary" hidden={about} expanded={form === 'action'} onClick={() => setForm('action')}>Record an action</Button>}
        {isAct && picked && !finished && <Button kind="secondary" hidden={about} expanded={form === 'finish'} onClick={() => setForm('finish')}>Finish</Button>}
        <Button kind="secondary" hidden={about} expanded={form === 'call'} onClick={() => setForm('call')}>Log a call</Button>
        {isAct && !finished && <Button kind="secondary" hidden={about} expanded={form === 'handover'} onClick={() => setForm('handover')}>Hand over</Button>}
        {isAct && !finished && <Button kind="secondary" hidden={about} expanded={form === 'notours'} onClick={() => setForm('notours')}>Not ours</Button>}
        <Button kind="secondary" hidden={about} expanded={open} onClick={toggle}>{open ? 'Close details' : 'Details'}</Button>
      </div>
      {form === 'action' && <Words id={`action-${alert.number}`} label="What was done?" save="Save action" onCancel={() => setForm('')} onSave={(outcome) => act({ kind: 'ACT_KIND_ACTION', outcome })} />}
      {form === 'finish' && <Words id={`finish-${alert.number}`} label="What is the outcome?" save="Finish" onCancel={() => setForm('')} onSave={(outcome) => act({ kind: 'ACT_KIND_FINISH', outcome })} />}
      {form === 'decline' && <Words id={`decline-${alert.number}`} label="Why do you not take it?" save="Decline" onCancel={() => setForm('')} onSave={(outcome) => act({ kind: 'ACT_KIND_DECLINE', outcome })} />}
      {form === 'call' && <CallForm id={`call-${alert.number}`} number={ring?.phone ?? ''} onCancel={() => setForm('')} onSave={(call, outcome) => act({ kind: 'ACT_KIND_LOG_CALL', call, ...(outcome && { outcome }) })} />}
      {form === 'notours' && <NotOurs id={`notours-${alert.number}`} onCancel={() => setForm('')} onSave={(notOurs, outcome) => act({ kind: 'ACT_KIND_NOT_OURS', notOurs, ...(outcome && { outcome }) })} />}
      {form === 'handover' && <HandOver id={`handover-${alert.number}`} team={p.team} onCancel={() => setForm('')} onSave={(toTeam, outcome) => act({ kind: 'ACT_KIND_HAND_OVER', toTeam, ...(outcome && { outcome }) })} />}
      {open && <Details alert={alert} secret={Boolean(p.secret)} team={p.team} now={now} />}
    </article>
  );
}

// A form that opens takes the focus to its first field.
function useFirst() {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => { form.current?.querySelector<HTMLElement>('input, select, textarea')?.focus(); }, []);
  return form;
}

export function Words(p: { id: string; label: string; save: string; onSave: (text: string) => Promise<boolean>; onCancel: () => void }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState('');
  const form = useFirst();
  return (
    <form ref={form} class="sb-form" noValidate onSubmit={(e) => { e.preventDefault(); if (!text.trim()) setWrong('Write at least a few words'); else void p.onSave(text.trim()); }}>
      <Field id={p.id} label={p.label} rows={3} value={text} onValue={setText} error={wrong} />
      <Button submit>{p.save}</Button> <Button kind="secondary" onClick={p.onCancel}>Cancel</Button>
    </form>
  );
}

export function CallForm(p: { id: string; number: string; onSave: (call: S.CallLog, note: string) => Promise<boolean>; onCancel: () => void }) {
  const [spoke, setSpoke] = useState('');
  const [number, setNumber] = useState(p.number);
  const [result, setResult] = useState<S.CallResult>('CALL_RESULT_REACHED');
  const [note, setNote] = useState('');
  const [wrong, setWrong] = useState('');
  const form = useFirst();
  const save = (e: Event) => {
    e.preventDefault();
    if (result === 'CALL_RESULT_REACHED' && !spoke.trim()) return setWrong('Say whom you spoke to');
    void p.onSave({ spokeTo: spoke.trim(), result, number: number.trim(), atUs: usOf(Date.now()) }, note.trim());
  };
  return (
    <form ref={form} class="sb-form" noValidate onSubmit={save}>
      <Field id={`${p.id}-spoke`} label="Who did you speak to? (name and role)" value={spoke} onValue={setSpoke} error={wrong} />
      <Choose id={`${p.id}-result`} label="What happened?" value={result} onValue={(v) => setResult(v as S.CallResult)} options={callResults} />
      <Field id={`${p.id}-number`} label="Number rung" type="tel" width={20} value={number} onValue={setNumber} />
      <Field id={`${p.id}-note`} label="Note (optional)" value={note} onValue={setNote} />
      <p class="sb-quiet">The call is logged with your name and the time now.</p>
      <Button submit>Save call</Button> <Button kind="secondary" onClick={p.onCancel}>Cancel</Button>
    </form>
  );
}

function NotOurs(p: { id: string; onSave: (reason: S.NotOurs, note: string) => Promise<boolean>; onCancel: () => void }) {
  const [reason, setReason] = useState<string>('');
  const [note, setNote] = useState('');
  const [wrong, setWrong] = useState('');
  const form = useFirst();
  return (
    <form ref={form} class="sb-form" noValidate onSubmit={(e) => { e.preventDefault(); if (!reason) setWrong('Choose why'); else void p.onSave(reason as S.NotOurs, note.trim()); }}>
      <Choose id={`${p.id}-why`} label="Why is it not yours?" value={reason} error={wrong} onValue={setReason}
        options={[['', 'Choose'], ['NOT_OURS_NEVER', 'Never was ours'], ['NOT_OURS_NO_LONGER', 'No longer ours'], ['NOT_OURS_NOT_KNOWN', 'Not known here']]} />
      <Field id={`${p.id}-note`} label="Note (optional)" value={note} onValue={setNote} />
      <p>It goes to the next team that may know this child. The clock keeps running.</p>
      <Button submit>Send it on</Button> <Button kind="secondary" onClick={p.onCancel}>Cancel</Button>
    </form>
  );
}

function HandOver(p: { id: string; team: string | undefined; onSave: (team: string, note: string) => Promise<boolean>; onCancel: () => void }) {
  const [entries, setEntries] = useState<S.DirectoryEntry[]>();
  const [team, setTeam] = useState('');
  const [note, setNote] = useState('');
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    get<S.ScreenDirectory>(`${teamPath(p.team)}/directory`).then((d) => setEntries(d.sheet?.entries ?? [])).catch((e: Error) => setWrong(e.message));
  }, [p.team]);
  const options = (entries ?? []).filter((e) => e.onHub && e.team !== p.team).map((e): [string, string] => [e.team ?? '', `${e.name} (${e.agencyName || e.agency})`]);
  return (
    <form class="sb-form" noValidate onSubmit={(e) => { e.preventDefault(); if (!team) setWrong('Choose a team'); else void p.onSave(team, note.trim()); }}>
      <Choose id={`${p.id}-team`} label="Hand over to" value={team} onValue={setTeam} error={wrong} options={[['', entries ? 'Choose a team' : 'Loading'], ...options]} />
      <Field id={`${p.id}-note`} label="What should they know? (optional)" value={note} onValue={setNote} />
      <p>It stays with you until they take it. Ring them as well.</p>
      <Button submit>Offer it</Button> <Button kind="secondary" onClick={p.onCancel}>Cancel</Button>
    </form>
  );
}

function Details({ alert, secret, team, now }: { alert: S.Alert; secret: boolean; team: string | undefined; now: number }) {
  const [journey, setJourney] = useState<S.ScreenJourney>();
  const [problem, setProblem] = useState('');
  useEffect(() => {
    get<S.ScreenJourney>(`${teamPath(team)}/alerts/${alert.number}/journey`).then(setJourney).catch((e: Error) => setProblem(e.message));
  }, [team, alert.number, alert.notice?.state]);
  const n = alert.notice ?? {};
  const mine = journey?.journey?.recipients?.find((r) => r.team === team);
  const why = n.corrected && n.corrected !== 'CORRECTION_NATURE_UNSPECIFIED' ? (n.outcome || alert.header?.correction?.reason || journey?.journey?.correctionReason) : '';
  const rows = factsOf(alert, secret);
  if (why) rows.push(['Correction says', why]);
  return (
    <div class="sb-details">
      <Facts rows={rows} />
      <p><Ring contact={n.callBack} label="Ring the sender:" /> <Ring contact={n.outOfHours} label="Out of hours:" /></p>
      <h4>Why did I get this?</h4>
      <p>{causeOf(n.cause)}{n.route ? `, route “${n.route}”` : ''}.{mine?.facts ? ` It matched because: ${mine.facts}.` : ''}
        {n.policyRow ? ` Deadlines come from the policy row “${n.policyRow}”.` : ''}{n.policyIsExample ? ' The policy is an example: nobody has signed it off.' : ''}</p>
      <h4>Who else was told</h4>
      {problem && <p class="nhsuk-error-message">{problem}</p>}
      {!journey && !problem && <p>Loading</p>}
      {journey && <Told journey={journey} now={now} />}
    </div>
  );
}

export function Told({ journey, now }: { journey: S.ScreenJourney; now: number }) {
  const recipients = journey.journey?.recipients ?? [];
  return (
    <div class="sb-scroll" role="region" aria-label="Who was told" tabIndex={0}>
      <table class="nhsuk-table sb-table"><caption class="nhsuk-u-visually-hidden">Who was told</caption>
        <thead><tr><th scope="col">Team</th><th scope="col">State</th><th scope="col">Who</th><th scope="col">Since</th></tr></thead>
        <tbody>{recipients.map((r) => {
          const last = [...(r.steps ?? [])].reverse().find((s) => s.state && s.state !== 'DELIVERY_STATE_UNSPECIFIED');
          const who = [...(r.steps ?? [])].reverse().find((s) => s.state === 'DELIVERY_STATE_ACKNOWLEDGED')?.actor;
          return (
            <tr key={`${r.team}-${r.number}`}><td>{r.teamName || r.team}</td>
              <td>{stateOf(r.state)}{r.overdueLevel ? <> <Tag tone="red">Overdue</Tag></> : null}</td>
              <td>{who ? `${who.name || who.person}${who.role ? `, ${who.role}` : ''}${assuranceOf(who.assurance) ? ` (${assuranceOf(who.assurance)})` : ''}` : 'Nobody yet'}</td>
              <td>{whenOf(last?.atUs ?? r.addedUs, now)}</td></tr>);
        })}</tbody></table>
      <p class="sb-quiet">As of {whenOf(journey.asOfUs, now)}.</p>
    </div>
  );
}
