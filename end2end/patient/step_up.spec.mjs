// What needs the password once more: with scripts, too, the form leads to the page that asks, and "back" leads to the form again.
import { newPatient } from '../fixtures/house.mjs';
import { alive } from '../fixtures/hydration.mjs';
import { expect, test } from '../fixtures/journey.mjs';
import { main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

// What passes through a service worker cannot be answered in the server's place.
test.use({ serviceWorkers: 'block' });

/** The server's answer to somebody who signed in a while ago, as the tests of the edges have it. */
const ASKED = { status: 403, headers: { serverfnredirect: '', location: '/confirm?next=/family' }, json: { Refused: 'step_up_required' } };

test('a form that needs the password leads to the page that asks', async ({ page, request, gate }) => {
  gate.allow(403);
  const person = await newPatient(request);
  const ask = `/family/ask?patient=${person.patient_id}`;
  await signIn(page, person.email, { password: person.password, next: ask });
  await alive(page);
  await page.route('**/_fn/family-ask', (route) => route.fulfill(ASKED), { times: 1 });
  await page.getByLabel(t('family.email')).fill('sven@journeys.example');
  await page.getByRole('radio', { name: t('family.relation_partner') }).check();
  await page.getByRole('checkbox', { name: t('family.may_book') }).check();
  const asked = page.waitForRequest(/\/confirm\?next=/);
  await main(page).getByRole('button', { name: t('family.ask_action') }).click();
  await asked;
  // She has only just signed in, so the page asks for nothing and goes on.
  await expect(page).toHaveURL('/family');
  await page.goBack();
  await expect(page).toHaveURL(ask);
});
