// A device that is passed on: what stays in it after signing out.
import { bookVisit, newPatient } from '../fixtures/house.mjs';
import { alive, inControl } from '../fixtures/hydration.mjs';
import { expect, test } from '../fixtures/journey.mjs';
import { main, signIn, signOut } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** Every address in the browser's caches, with the text where it is one. */
function kept() {
  return caches.keys().then((names) => Promise.all(names.map(async (name) => {
    const cache = await caches.open(name);
    return Promise.all((await cache.keys()).map(async (request) => {
      const response = await cache.match(request);
      const isText = /text|json/.test(response.headers.get('content-type') ?? '');
      return { path: new URL(request.url).pathname, text: isText ? await response.text() : '' };
    }));
  }))).then((lists) => lists.flat());
}

test('neither a page nor an answer of somebody signed in is kept', async ({ page, request, context, gate }) => {
  gate.allowText('net::ERR_INTERNET_DISCONNECTED');
  const person = await newPatient(request);
  const visit = await bookVisit(request, person);
  await page.goto('/');
  await inControl(page);
  expect((await page.evaluate(kept)).map(({ path }) => path)).toContain('/offline');
  await signIn(page, person.email, { password: person.password, next: '/appointments' });
  await alive(page);
  const answer = page.waitForResponse((response) => response.url().includes('/_fn/visit'));
  await main(page).getByRole('article').getByRole('link').first().click();
  expect((await answer).headers()['cache-control']).toContain('no-store');
  await expect(page).toHaveURL(`/appointments/${visit.id}`);
  await signOut(page);
  // Signing out empties the browser's storage, the worker included; it comes again with the page after.
  await inControl(page);

  const entries = await page.evaluate(kept);
  for (const { path, text } of entries) {
    expect(path).toMatch(/^\/(offline$|pkg\/|fonts\/|icons\/|icons\.svg$|favicon\.svg$|apple-touch-icon\.png$|manifest\.webmanifest$)/);
    expect(text, path).not.toContain(person.full_name);
    expect(text, path).not.toContain(visit.id);
  }
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(stored).not.toContain(person.full_name);

  // Neither does the way back, nor the address without a connection.
  await page.goBack();
  await expect(main(page)).not.toContainText(visit.doctor.name);
  await context.setOffline(true);
  await page.goto(`/appointments/${visit.id}`);
  await expect(page.getByRole('heading', { level: 1, name: t('offline.title') })).toBeVisible();
});

test('pages and answers of somebody signed in are marked as not to be kept', async ({ page, request }) => {
  const person = await newPatient(request);
  const visit = await bookVisit(request, person);
  await signIn(page, person.email, { password: person.password });
  for (const path of ['/', '/appointments', `/appointments/${visit.id}`]) {
    const response = await page.goto(path);
    expect(response.headers()['cache-control'], path).toBe('no-store');
  }
});
