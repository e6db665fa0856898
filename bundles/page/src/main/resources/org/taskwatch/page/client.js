// SPDX-License-Identifier: Apache-2.0
// How the parts of the page ask the server. Names come from the machine: they are shown as text only.
export {h, render} from './preact.module.js';

/** Whether the client may change something: each reply tells. */
export let mayControl = false;

async function checked(reply) {
  mayControl = (reply.headers.get('Taskwatch-Rights') || '').split(' ').includes('control');
  if (!reply.ok) throw new Error((await reply.text()).trim() || 'status ' + reply.status);
  return reply;
}

export async function get(path) {
  return (await checked(await fetch(path))).json();
}

export async function post(path, body) {
  return (await checked(await fetch(path, {method: 'POST', body}))).text();
}

/** Runs a task again and again, one at a time, while the page is seen. */
export function repeat(millis, task) {
  let again = 0;
  const run = async () => {
    clearTimeout(again);
    if (!document.hidden) await task();
    clearTimeout(again);
    again = setTimeout(run, millis);
  };
  document.addEventListener('visibilitychange', () => document.hidden || run());
  run();
  return run;
}

const number = new Intl.NumberFormat('en', {maximumFractionDigits: 1});
export const count = value => number.format(value);
export const clock = millis => new Date(millis).toLocaleTimeString('en-GB');

export function nanos(value) {
  return value < 1e6 ? count(value / 1e3) + ' \u00b5s' : count(value / 1e6) + ' ms';
}
