/* Signing in: by password, by passkey, by an issuer. Only the ways that the gateway names are shown. */

const { base, call, showFaults } = await import(document.querySelector('script[src*="/console.js"]').src);

const form = document.getElementById('password-form');
const passkey = document.getElementById('passkey');
const problem = document.getElementById('passkey-problem');

/** The page that was asked for. The server has checked that it is one of this program. */
const goOn = () => location.assign(base + form.dataset.next);

/** What a refusal says to a person. */
function reason(answer, wrong) {
  const seconds = Number(answer.headers.get('Retry-After'));
  if (answer.status === 429 && seconds) return form.dataset.wait.replace('{0}', seconds.toLocaleString(document.documentElement.lang));
  return answer.status === 401 ? wrong : answer.body.detail;
}

form.addEventListener('answered', (event) => {
  event.preventDefault();
  goOn();
});
form.addEventListener('refused', (event) => {
  event.preventDefault();
  problem.hidden = true;
  const errors = event.detail.body.errors;
  showFaults(form, errors ? event.detail.body : { errors: [{ field: 'password', message: reason(event.detail, form.dataset.wrong) }] });
  form.password.select();
});

passkey.addEventListener('click', async () => {
  problem.hidden = true;
  const fail = (text) => {
    problem.textContent = text;
    problem.hidden = false;
  };
  const asked = await call('POST', '/api/session/passkey/options');
  if (!asked.ok) return fail(reason(asked, passkey.dataset.failed));
  let credential;
  try {
    credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked.body) });
  } catch {
    return undefined; // the person has closed the browser's dialog
  }
  const answer = await call('POST', '/api/session/passkey', { credential: credential.toJSON() });
  return answer.ok ? goOn() : fail(reason(answer, passkey.dataset.failed));
});

const ways = await call('GET', '/api/session/ways');
if (ways.ok) {
  const hasPasskey = ways.body.passkey && window.PublicKeyCredential?.parseRequestOptionsFromJSON;
  passkey.hidden = !hasPasskey;
  document.getElementById('or').hidden = !hasPasskey;
  if (hasPasskey) form.querySelector('[type="submit"]').classList.remove('button-main'); // one main action
  if (ways.body.oidc) {
    const oidc = document.getElementById('oidc');
    oidc.href = `${ways.body.oidc.address}?then=${encodeURIComponent(form.dataset.next)}`;
    oidc.textContent = oidc.dataset.text.replace('{0}', ways.body.oidc.name);
    oidc.hidden = false;
  }
}
