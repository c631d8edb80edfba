/** Script of the HTML report: copies commands. A browser without access to the clipboard copies what is selected. */
export const HTML_SCRIPT = `
const status = document.querySelector('[role=status]');
for (const button of document.querySelectorAll('.curl button')) button.hidden = false;
document.addEventListener('click', async ({ target }) => {
  const button = target.closest('.curl button');
  if (!button) return;
  const details = button.parentElement.querySelector('details');
  const isCopied = await copy(details);
  button.textContent = isCopied ? 'Copied' : 'Press Ctrl+C to copy';
  status.textContent = button.textContent;
  setTimeout(() => { button.textContent = 'Copy as curl'; status.textContent = ''; }, 2000);
});
async function copy(details) {
  const code = details.querySelector('code');
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    details.open = true;
    getSelection().selectAllChildren(code);
    return document.execCommand('copy');
  }
}
`;
