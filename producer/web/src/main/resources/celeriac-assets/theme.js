/*
 * Shows the theme that the reader has chosen, or else that of the system. It runs before the page is drawn, so that no page flashes in
 * the other theme: it is no module, and stands before the styles. console.js has the switch.
 */
{
  const root = document.documentElement;
  const scheme = document.querySelector('meta[name="color-scheme"]');
  const kept = () => {
    try {
      return localStorage.getItem('celeriac-theme');
    } catch {
      return null; // a browser may refuse to keep anything
    }
  };
  const show = (theme) => {
    const isChosen = theme === 'light' || theme === 'dark';
    if (isChosen) root.dataset.theme = theme;
    else delete root.dataset.theme;
    scheme.content = isChosen ? theme : 'light dark'; // what the browser paints before the styles are there
  };
  show(kept());
  window.addEventListener('storage', () => show(kept())); // chosen in another tab
  document.addEventListener('theme', (event) => show(event.detail));
}
