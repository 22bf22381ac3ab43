/* The own account: other sessions, passkeys, and what this browser keeps: the zone and the keys. */

const { all, call, clearFaults, refresh, say, showFaults, texts, zoneCookie } = await import(document.querySelector('script[src*="/console.js"]').src);

/* ------------------------------------------------------- what is kept here */

const keys = document.getElementById('keys-on');
keys.checked = localStorage.getItem('celeriac-keys') !== 'off';
keys.addEventListener('change', () => {
  if (keys.checked) localStorage.removeItem('celeriac-keys');
  else localStorage.setItem('celeriac-keys', 'off');
  say(texts.said);
});

const zone = document.getElementById('zone');
document.getElementById('zones').replaceChildren(...['UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? [])].map((name) => new Option(name, name)));
zone.form.addEventListener('submit', (event) => {
  event.preventDefault();
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone.value.trim() });
  } catch {
    return showFaults(zone.form, { errors: [{ field: 'zone', message: zone.dataset.unknown }] });
  }
  zoneCookie(zone.value.trim());
  return location.reload();
});

/* ---------------------------------------------------------------- sessions */

const others = document.getElementById('end-others');
others?.addEventListener('click', async () => {
  others.disabled = true;
  for (const button of all('[data-end]')) {
    const answer = await call('DELETE', `/api/me/sessions/${encodeURIComponent(button.dataset.session)}`);
    if (!answer.ok && answer.status !== 404) { // 404: it has ended meanwhile
      others.disabled = false;
      return say(answer.body.detail ?? texts.failed, true);
    }
  }
  say(others.dataset.said);
  others.remove();
  return refresh(true);
});

/* ---------------------------------------------------------------- passkeys */

const section = document.getElementById('passkeys');
const language = document.documentElement.lang;
const url = (id) => `/api/me/passkeys/${encodeURIComponent(id)}`;

function time(cell, at) {
  const element = cell.querySelector('time');
  element.dateTime = at ?? '';
  element.textContent = at ? new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone.value }) : '';
  const never = cell.querySelector('span');
  if (never) never.hidden = Boolean(at);
}

function row(passkey) {
  const made = document.getElementById('passkey-row').content.firstElementChild.cloneNode(true);
  made.dataset.row = passkey.id;
  made.querySelector('th').textContent = passkey.name;
  const [created, used] = made.querySelectorAll('td');
  time(created, passkey.createdAt);
  time(used, passkey.usedAt);
  for (const button of all('button', made)) button.dataset.id = passkey.id;
  return made;
}

/** Shows the passkeys; false where there can be none. */
async function list() {
  const answer = await call('GET', '/api/me/passkeys');
  if (!answer.ok) return false;
  const { items } = answer.body;
  section.querySelector('tbody').replaceChildren(...items.map(row));
  section.querySelector('table').hidden = items.length === 0;
  document.getElementById('passkeys-none').hidden = items.length > 0;
  return true;
}

section.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-id]');
  if (!button) return undefined;
  const name = button.closest('tr').querySelector('th').textContent;
  if (button.dataset.rename !== undefined) {
    const dialog = document.getElementById('passkey-rename');
    dialog.dataset.id = button.dataset.id;
    dialog.querySelector('input').value = name;
    return dialog.showPopover();
  }
  if (!window.confirm(section.dataset.sure.replace('{0}', name))) return undefined;
  const answer = await call('DELETE', url(button.dataset.id));
  say(answer.ok ? section.dataset.deleted : answer.body.detail, !answer.ok);
  return list();
});

section.querySelector('#passkey-rename form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const dialog = document.getElementById('passkey-rename');
  const answer = await call('PUT', url(dialog.dataset.id), { name: event.target.elements.name.value });
  if (!answer.ok) return showFaults(event.target, answer.body);
  clearFaults(event.target);
  dialog.hidePopover();
  say(section.dataset.renamed);
  return list();
});

document.getElementById('passkey-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  clearFaults(form);
  const asked = await call('POST', '/api/me/passkeys/options');
  if (!asked.ok) return showFaults(form, asked.body);
  let credential;
  try {
    credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked.body) });
  } catch (e) {
    return e.name === 'NotAllowedError' ? undefined : showFaults(form, { detail: section.dataset.refused });
  }
  const answer = await call('POST', '/api/me/passkeys', { name: form.elements.name.value, credential: credential.toJSON() });
  if (!answer.ok) return showFaults(form, answer.body);
  form.reset();
  say(section.dataset.made);
  return list();
});

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  const ways = await call('GET', '/api/session/ways');
  section.hidden = !(ways.ok && ways.body.passkey && await list());
}
