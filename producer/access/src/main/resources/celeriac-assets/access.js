/* Users and tokens: what a role has already, the text of a new token, and which token to revoke. */

const { all, refresh } = await import(document.querySelector('script[src*="/console.js"]').src);

/** Boxes of authorities that the chosen role has are checked and cannot be changed; they are not sent. */
function showRole(select) {
  const { authorities, does } = select.selectedOptions[0].dataset;
  const has = authorities.split(' ');
  select.closest('.field').querySelector('[data-role-hint]').textContent = does;
  for (const box of all('input[name="authorities"]', select.form)) {
    if (!box.disabled) box.dataset.own = box.checked;
    box.disabled = has.includes(box.value);
    box.checked = box.disabled || box.dataset.own === 'true';
  }
}
all('select[data-role]').forEach((select) => {
  showRole(select);
  select.addEventListener('change', () => showRole(select));
});

const put = (element, name) => { element.textContent = element.dataset.text.replace('{0}', name); };

/** The text of a token is in this one answer and on this page, nowhere else. */
document.getElementById('token-form')?.addEventListener('answered', (event) => {
  event.preventDefault();
  const { name, token } = event.detail.body;
  document.getElementById('new-token').hidePopover();
  put(document.getElementById('made-title'), name);
  document.getElementById('made-token').textContent = token;
  document.getElementById('made-copy').dataset.copy = token;
  document.getElementById('made').showPopover();
  document.getElementById('made-copy').focus();
  event.target.reset();
  all('select[data-role]', event.target).forEach(showRole);
});
document.getElementById('made-done')?.addEventListener('click', () => {
  document.getElementById('made-token').textContent = '';
  document.getElementById('made-copy').dataset.copy = '';
  document.getElementById('made').hidePopover();
  refresh(true);
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-revoke]');
  if (!button) return;
  const dialog = document.getElementById('revoke');
  put(dialog.querySelector('h2'), button.dataset.name);
  dialog.querySelector('[name="name"]').value = button.dataset.name;
  dialog.showPopover();
});
