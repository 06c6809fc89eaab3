// Booking without a mouse: Tab, Enter, Space and arrows are enough, and the focus follows to each new page.
import { anyOf, doctors, freeTimes } from '../fixtures/house.mjs';
import { alive, markPage, stayed } from '../fixtures/hydration.mjs';
import { expect, test } from '../fixtures/journey.mjs';
import { press, tabTo, write } from '../fixtures/keyboard.mjs';
import { main, stranger } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** The heading of a page that was reached by script has the focus. */
async function expectHeading(page, name) {
  const heading = page.getByRole('heading', { level: 1, name });
  await expect(heading).toBeVisible();
  await expect(heading).toBeFocused();
}

test('a stranger books by keyboard alone', { tag: '@engine' }, async ({ page, request }) => {
  test.setTimeout(120_000);
  const doctor = anyOf((await doctors(request)).filter((doctor) => doctor.visit_types.length > 1));
  await page.goto('/');
  await alive(page);
  await markPage(page);
  await write(page, page.getByLabel(t('find.doctor_name')), doctor.name);
  await page.keyboard.press('Enter');
  await expectHeading(page, t('find.title'));
  await press(page, main(page).getByRole('link', { name: doctor.name, exact: true }));
  await expectHeading(page, doctor.name);
  await press(page, main(page).getByRole('link', { name: new RegExp(`^${t('find.book')}`) }).first());
  await expectHeading(page, t('booking.time_title'));
  await press(page, page.getByRole('link', { name: t('common.back') }));
  await expectHeading(page, t('booking.reason_title'));

  await tabTo(page, page.getByRole('radio').first());
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio').nth(1)).toBeChecked();
  await press(page, page.getByRole('button', { name: t('common.continue_on') }));
  await expectHeading(page, t('booking.time_title'));
  await tabTo(page, page.locator('input[name="start"]').first());
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('input[name="start"]:checked')).toHaveCount(1);
  await press(page, page.getByRole('button', { name: t('common.continue_on') }));
  expect(await stayed(page), 'no page was loaded so far').toBe(true);

  await expectHeading(page, t('auth.sign_in_title'));
  await press(page, main(page).getByRole('link', { name: t('shell.sign_up') }));
  await expectHeading(page, t('auth.sign_up_title'));
  const person = stranger();
  await write(page, page.getByLabel(t('auth.full_name')), person.full_name);
  await write(page, page.getByLabel(t('auth.birth_date')), '24111951');
  await expect(page.getByLabel(t('auth.birth_date'))).toHaveValue('1951-11-24');
  await write(page, page.getByLabel(t('common.email')), person.email);
  await write(page, page.getByLabel(t('auth.new_password')), person.password);
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { level: 1, name: t('booking.review_title') })).toBeVisible();
  await alive(page);
  await write(page, page.getByLabel(t('booking.about')), 'By keyboard alone');
  await press(page, page.getByRole('button', { name: t('booking.book_now') }));
  await expectHeading(page, t('booking.done_title'));
  await expect(main(page)).toContainText('By keyboard alone');

  await press(page, main(page).getByRole('link', { name: t('patient.cancel_visit') }));
  await expectHeading(page, t('patient.cancel_title'));
  await press(page, page.getByRole('link', { name: t('patient.keep_visit') }));
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('the first Tab leads past the navigation', async ({ page }) => {
  await page.goto('/doctors');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: t('shell.skip_to_content') })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
});

test('a refused form moves the focus to what has to be fixed', async ({ page, request, gate }) => {
  gate.allow(409);
  const doctor = anyOf(await doctors(request));
  const [start] = await freeTimes(request, doctor.id, doctor.visit_types[0].id);
  await page.goto(`/sign-up?next=${encodeURIComponent(`/book/${doctor.id}/review?visit_type=${doctor.visit_types[0].id}&start=${encodeURIComponent(start)}`)}`);
  const person = stranger();
  await write(page, page.getByLabel(t('auth.full_name')), person.full_name);
  await write(page, page.getByLabel(t('common.email')), person.email);
  await write(page, page.getByLabel(t('auth.new_password')), 'short');
  await page.keyboard.press('Enter');
  const summary = page.getByRole('alert').filter({ hasText: t('error.password_too_short') });
  await expect(summary).toBeVisible();
  await tabTo(page, summary.getByRole('link', { name: t('error.password_too_short') }));
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(t('auth.new_password'))).toBeFocused();
});

test('the menu of the account opens and closes by keyboard', async ({ page }) => {
  await page.goto('/sign-in?next=/appointments');
  await write(page, page.getByLabel(t('common.email')), 'patient@demo.example');
  await write(page, page.getByLabel(t('auth.password')), 'caresync-demo-2026');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/appointments');
  await press(page, page.locator('.site-account summary'));
  await expect(page.getByRole('button', { name: t('shell.sign_out') })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: t('shell.sign_out') })).toBeHidden();
});
