// Behind the organisation's own sign-in there is no password of ours: what to do instead, for somebody it signed in
// whom nobody enrolled (no `why`), and for somebody who signed out or whose sign-in has ended. `kept`: a page lies
// underneath with what was typed, and goes on once another tab has signed in.
import type { ScreenSession } from './generated/schema';
import { Ring } from './bits';

export function NotSignedIn({ session, why, kept }: { session: ScreenSession; why?: string | undefined; kept: boolean }) {
  return (
    <main class="nhsuk-main-wrapper sb-narrow" id="main">
      {why === undefined ? <NotEnrolled session={session} /> : <>
        <h1>Sign in again</h1>
        <p>{why}</p>
        <p>{kept ? <a href="/" target="_blank">Sign in with your organisation (opens in a new tab)</a>
          : <a href="/" target="_self">Sign in with your organisation</a>}</p>
        {kept && <p>This page then goes on by itself.</p>}
      </>}
    </main>
  );
}

function NotEnrolled({ session }: { session: ScreenSession }) {
  return (
    <>
      <h1>You are not enrolled here</h1>
      <p>Your organisation signed you in, but nobody has added you to a team of {session.place || 'this place'}. You see no alerts.</p>
      <p>Ask to be added. Say your name, your team, and the sign-in name your organisation gave you.</p>
      <p><Ring contact={session.help} label="Ring" /></p>
      <p>Not you? <button type="button" class="sb-link" onClick={leave}>Sign out</button> and sign in yourself.</p>
    </>
  );
}

// Known to the proxy alone: it ends the sign-in there and at the provider (deploy/config/apache-openid.conf).
export const leave = (): void => location.assign('/sign-out');
