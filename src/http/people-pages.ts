// Two small pages for people: sign in, and set a password by a link. What they do is the API's; the script is one file of ours.

import { pageWords } from '../words/pages.ts';

type Language = keyof typeof pageWords;

const frame = (language: Language, title: string, path: string, body: string): string => {
  const text = pageWords[language];
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${text.title}</title><link rel="stylesheet" href="/style.css"><script src="/people.js" defer></script></head><body>
<nav><a href="${path}?lang=${text.otherTag}" lang="${text.otherTag}">${text.other}</a></nav><h1>${title}</h1>${body}
<p role="status" id="said" tabindex="-1"></p><p><a href="/">${text.title}</a></p></body></html>`;
};

const field = (id: string, label: string, type: string, autocomplete: string): string =>
  `<p><label for="${id}">${label}</label><br><input id="${id}" name="${id}" type="${type}" autocomplete="${autocomplete}" required></p>`;

/** Words that the script says, for it to read. */
const said = (language: Language): string => {
  const { differ, passwordSet, noLink, linkSent, signedIn, signOut, unreachable, refused } = pageWords[language];
  const words = { differ, passwordSet, noLink, linkSent, signedIn, signOut, unreachable, refused };
  return Object.entries(words)
    .map(([name, text]) => ` data-${name.toLowerCase()}="${text}"`)
    .join('');
};

/** `oidc`: people may sign in by an identity provider too. */
export function signInPage(language: Language, oidc: boolean): string {
  const text = pageWords[language];
  const form = `<form id="sign-in"${said(language)}>
${field('email', text.email, 'email', 'username')}${field('password', text.password, 'password', 'current-password')}
<p><button>${text.signIn}</button> <button type="button" id="forgot">${text.forgot}</button></p></form>`;
  const other = oidc ? `<p><a href="/sign-in/oidc">${text.byProvider}</a></p>` : '';
  return frame(language, text.signIn, '/sign-in', `${form}${other}`);
}

export function passwordPage(language: Language): string {
  const text = pageWords[language];
  const form = `<form id="set-password"${said(language)}>
${field('password', text.newPassword, 'password', 'new-password')}${field('again', text.again, 'password', 'new-password')}
<p><button>${text.setPassword}</button></p></form>`;
  return frame(language, text.setPassword, '/password', form);
}

/** Runs in the browser, as it stands here. The token stands behind the # of the link, which no server sees. */
export const peopleScript = `const form = document.querySelector('form');
const words = form.dataset;
const said = document.getElementById('said');
const say = (text) => { said.textContent = text; said.focus(); };
const value = (id) => document.getElementById(id).value;
async function ask(method, url, body) {
  try {
    const headers = { 'accept-language': document.documentElement.lang, ...(body ? { 'content-type': 'application/json' } : {}) };
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    const answer = await response.json();
    if (response.ok) return answer;
    say(answer.detail);
  } catch {
    say(words.unreachable);
  }
  return undefined;
}
function welcome(person) {
  form.hidden = true;
  say(words.signedin + ': ' + person.name + ' (' + person.email + ')');
  const out = document.createElement('button');
  out.textContent = words.signout;
  out.onclick = async () => { if (await ask('DELETE', '/v1/sessions/current')) location.reload(); };
  said.append(' ', out);
}
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (form.id === 'sign-in') {
    const answer = await ask('POST', '/v1/sessions', { email: value('email'), password: value('password') });
    if (answer) welcome(answer.person);
    return;
  }
  const token = location.hash.slice(1);
  if (token === '') return say(words.nolink);
  if (value('password') !== value('again')) return say(words.differ);
  if (await ask('POST', '/v1/passwords', { token, password: value('password') })) {
    location.replace('/sign-in?set=1&lang=' + document.documentElement.lang);
  }
});
document.getElementById('forgot')?.addEventListener('click', async () => {
  if (!document.getElementById('email').reportValidity()) return;
  if (await ask('POST', '/v1/password-resets', { email: value('email') })) say(words.linksent);
});
if (form.id === 'sign-in') {
  const asked = new URLSearchParams(location.search);
  if (asked.has('set')) say(words.passwordset);
  if (asked.has('refused')) say(words.refused);
  fetch('/v1/me').then(async (response) => {
    const { person } = response.ok ? await response.json() : {};
    if (person) welcome(person);
  }).catch(() => {});
}
`;
