// An OpenID provider on loopback, with the accounts it is given: who types such a name at its sign-in page, with
// any password, is that person. Owns its server; stop() ends it. It asks for no consent, as an organisation's own.
import { createServer } from 'node:https';
import { Provider } from 'oidc-provider';

// `proxy`: where people come back to. Resolves with what the proxy needs to know.
export async function startProvider({ key, certificate, accounts, client, proxy }) {
  const server = createServer({ key, cert: certificate });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `https://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [`${proxy}/oidc`], post_logout_redirect_uris: [`${proxy}/`],
      grant_types: ['authorization_code'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_basic' }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
    // Another one than the id: who is enrolled is told by the claim the recipe names.
    findAccount: (_, sub) => (accounts[sub] ? { accountId: sub, claims: () => ({ sub, ...accounts[sub] }) } : undefined),
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ['of this test'] },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  server.on('request', provider.callback());
  return { issuer, metadata: `${issuer}/.well-known/openid-configuration`,
    stop: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}
