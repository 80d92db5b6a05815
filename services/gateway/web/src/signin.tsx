// Signing in, unlocking, changing the password. Nothing here is kept after it was sent.
import { useState } from 'preact/hooks';
import type { ScreenSession } from './generated/schema';
import { call, post, Refusal } from './api';
import { Button, ErrorSummary, Field } from './bits';

type Done = (session: ScreenSession) => void;
const textOf = (error: unknown): string => (error instanceof Error ? error.message : 'Something went wrong. Try again.');

export function SignIn({ session, onDone, why }: { session: ScreenSession; onDone: Done; why?: string | undefined }) {
  const unlocking = Boolean(session.locked && session.person);
  const [person, setPerson] = useState(unlocking ? (session.person ?? '') : '');
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<[string, string][]>([]);
  const [busy, setBusy] = useState(false);
  const submit = async (e: Event) => {
    e.preventDefault();
    if (busy) return;
    const missing: [string, string][] = [];
    if (!person.trim()) missing.push(['person', 'Enter your sign-in name']);
    if (!password) missing.push(['password', 'Enter your password']);
    if (missing.length) return setWrong(missing);
    setBusy(true);
    try {
      const same = unlocking && person.trim() === session.person;
      onDone(await post<ScreenSession>(same ? '/api/session/unlock' : '/api/session', { person: person.trim(), password }));
    } catch (error) {
      setPassword('');
      setWrong([[(error as Refusal).problem?.field === 'person' ? 'person' : 'password', textOf(error)]]);
    } finally {
      setBusy(false);
    }
  };
  const errorOf = (field: string) => wrong.find(([f]) => f === field)?.[1];
  return (
    <main class="nhsuk-main-wrapper sb-narrow" id="main">
      <ErrorSummary wrong={wrong} />
      <h1>{unlocking ? 'This screen is locked' : 'Sign in'}</h1>
      {why && <p>{why}</p>}
      {unlocking && <p>{session.name} is signed in. What was typed is kept.</p>}
      <form onSubmit={submit} noValidate>
        <Field id="person" label="Sign-in name" value={person} onValue={setPerson} autocomplete="username" error={errorOf('person')} />
        <Field id="password" label="Password" type="password" value={password} onValue={setPassword} autocomplete="current-password" error={errorOf('password')} />
        <Button submit busy={busy}>{unlocking ? 'Unlock' : 'Sign in'}</Button>
      </form>
      {unlocking && <p>Not {session.name}? Enter your own sign-in name: what was typed is then discarded.</p>}
    </main>
  );
}

export function NewPassword({ session, onDone }: { session: ScreenSession; onDone: Done }) {
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [wrong, setWrong] = useState<[string, string][]>([]);
  const submit = async (e: Event) => {
    e.preventDefault();
    if ([...next].length < 10) return setWrong([['new', 'The new password needs at least 10 characters']]);
    try {
      onDone(await call<ScreenSession>('PUT', '/api/password', { oldPassword: old, newPassword: next }));
    } catch (error) {
      setWrong([[(error as Refusal).problem?.field?.startsWith('new') ? 'new' : 'old', textOf(error)]]);
    }
  };
  const errorOf = (field: string) => wrong.find(([f]) => f === field)?.[1];
  return (
    <main class="nhsuk-main-wrapper sb-narrow" id="main">
      <ErrorSummary wrong={wrong} />
      <h1>Choose a new password</h1>
      <p>The password you were given works only once.</p>
      <form onSubmit={submit} noValidate>
        <input type="text" class="nhsuk-u-visually-hidden" autocomplete="username" value={session.person} readOnly tabIndex={-1} aria-label="Sign-in name" />
        <Field id="old" label="Password you signed in with" type="password" autocomplete="current-password" value={old} onValue={setOld} error={errorOf('old')} />
        <Field id="new" label="New password" hint="At least 10 characters. Three random words are good." type="password" autocomplete="new-password" value={next} onValue={setNext} error={errorOf('new')} />
        <Button submit>Save new password</Button>
      </form>
    </main>
  );
}
