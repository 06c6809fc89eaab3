// What a patient does with visits: look at them, call one off.
import { bookVisit, newPatient } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

withAndWithoutScripts(() => {
  test('a visit is called off after one question', async ({ page, request }) => {
    const person = await newPatient(request);
    const visit = await bookVisit(request, person);
    await signIn(page, person.email, { password: person.password, next: '/appointments' });
    await main(page).getByRole('article').getByRole('link').first().click();
    await expect(page).toHaveURL(`/appointments/${visit.id}`);
    await main(page).getByRole('link', { name: t('patient.cancel_visit') }).click();

    await expect(page.getByRole('heading', { level: 1, name: t('patient.cancel_title') })).toBeVisible();
    await expect(page.getByText(t('patient.cancel_consequence'))).toBeVisible();
    await page.getByLabel(t('patient.cancel_reason')).fill('I feel well again');
    await page.getByRole('button', { name: t('patient.cancel_confirm') }).click();
    await expect(main(page).getByText(t('patient.was_cancelled'))).toBeVisible();
    await expect(main(page)).toContainText(t('status_patient.cancelled'));
    await expect(main(page)).toContainText('I feel well again');
    await expect(main(page).getByRole('link', { name: t('patient.cancel_visit') })).toHaveCount(0);

    await page.goto('/appointments');
    await expect(main(page).getByText(t('patient.no_upcoming'))).toBeVisible();
    await page.goto(`/appointments/${visit.id}/cancel`);
    await expect(page.getByRole('button', { name: t('patient.cancel_confirm') })).toHaveCount(0);
  });

  test('the question can be answered with no', async ({ page, request }) => {
    const person = await newPatient(request);
    const visit = await bookVisit(request, person);
    await signIn(page, person.email, { password: person.password, next: `/appointments/${visit.id}/cancel` });
    await page.getByRole('link', { name: t('patient.keep_visit') }).click();
    await expect(page).toHaveURL(`/appointments/${visit.id}`);
    await expect(main(page)).toContainText(t('status_patient.booked'));
  });

  test('past visits have a tab of their own', async ({ page }) => {
    await signIn(page, 'patient1@demo.example', { next: '/appointments' });
    await main(page).getByRole('link', { name: t('patient.past') }).click();
    await expect(page).toHaveURL('/appointments?show=past');
    await expect(main(page).getByRole('link', { name: t('patient.past') })).toHaveAttribute('aria-current', 'page');
    await expect(main(page).getByRole('article').first()).toBeVisible();
  });
});

test('a visit of somebody else looks as if it were not there', async ({ page, request, gate }) => {
  gate.allow(404);
  const [owner, other] = [await newPatient(request), await newPatient(request)];
  const visit = await bookVisit(request, owner);
  await signIn(page, other.email, { password: other.password });
  for (const path of [`/appointments/${visit.id}`, `/appointments/${visit.id}/cancel`]) {
    const response = await page.goto(path);
    expect(response.status(), path).toBe(404);
    await expect(page.getByRole('heading', { level: 1, name: t('state.not_found_title') })).toBeVisible();
    await expect(main(page)).not.toContainText(visit.doctor.name);
  }
});
