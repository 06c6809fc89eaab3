// Booking without a mouse: Tab, Enter, Space and arrows are enough, and the focus follows to each new page.
import { anyOf, doctors, freeTimes, newPatient } from '../fixtures/house.mjs';
import { alive, markPage, stayed } from '../fixtures/hydration.mjs';
import { expect, test } from '../fixtures/journey.mjs';
import { press, tabTo, write } from '../fixtures/keyboard.mjs';
import { linkTo } from '../fixtures/mail.mjs';
import { main, signIn, stranger } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** The heading of a page that was reached by script has the focus. */
async function expectHeading(page, name) {
  const heading = page.getByRole('heading', { level: 1, name });
  await expect(heading).toBeVisible();
  await expect(heading).toBeFocused();
}

/** The choices of a set by arrows, the way on by Enter. */
async function chooseByArrows(page, radios) {
  await tabTo(page, radios.first());
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(radios.nth(1)).toBeChecked();
  await press(page, page.getByRole('button', { name: t('common.continue_on') }));
}

test('a stranger books by keyboard alone', { tag: '@engine' }, async ({ page, request }) => {
  const doctor = anyOf((await doctors(request)).filter((doctor) => doctor.visit_types.length > 1));
  await page.goto('/');
  await write(page, page.getByLabel(t('find.doctor_name')), doctor.name);
  await page.keyboard.press('Enter');
  await press(page, main(page).getByRole('link', { name: doctor.name, exact: true }));
  await press(page, main(page).getByRole('link', { name: new RegExp(`^${t('find.book')}`) }).first());
  await press(page, page.getByRole('link', { name: t('common.back') }));
  await chooseByArrows(page, page.getByRole('radio'));
  await chooseByArrows(page, page.locator('input[name="start"]'));

  await press(page, main(page).getByRole('link', { name: t('shell.sign_up') }));
  const person = stranger();
  await write(page, page.getByLabel(t('auth.full_name')), person.full_name);
  // The order of day and month is the browser's.
  await write(page, page.getByLabel(t('auth.birth_date')), '11111951');
  await expect(page.getByLabel(t('auth.birth_date'))).toHaveValue('1951-11-11');
  await write(page, page.getByLabel(t('common.email')), person.email);
  await write(page, page.getByLabel(t('auth.new_password')), person.password);
  await page.keyboard.press('Enter');
  await expect(page.getByText(t('credentials.book_title'))).toBeVisible();
  await page.goto(await linkTo(person.email, '/verify?token='));
  await press(page, page.getByRole('button', { name: t('credentials.verify_action') }));
  await write(page, page.getByLabel(t('booking.about')), 'By keyboard alone');
  await press(page, page.getByRole('button', { name: t('booking.book_now') }));
  await expect(page.getByRole('heading', { level: 1, name: t('booking.done_title') })).toBeVisible();
  await expect(main(page)).toContainText('By keyboard alone');
});

test('the focus follows to each new page that comes by script', async ({ page, request }) => {
  const doctor = anyOf((await doctors(request)).filter((doctor) => doctor.visit_types.length > 1));
  const person = await newPatient(request);
  await signIn(page, person.email, { password: person.password, next: '/' });
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
  await chooseByArrows(page, page.getByRole('radio'));
  await expectHeading(page, t('booking.time_title'));
  await chooseByArrows(page, page.locator('input[name="start"]'));
  await expectHeading(page, t('booking.review_title'));
  expect(new URL(page.url()).searchParams.has(''), 'a button without a name stands in no address').toBe(false);
  await press(page, page.getByRole('button', { name: t('booking.book_now') }));
  await expectHeading(page, t('booking.done_title'));
  await press(page, main(page).getByRole('link', { name: t('patient.cancel_visit') }));
  await expectHeading(page, t('patient.cancel_title'));
  await press(page, page.getByRole('link', { name: t('patient.keep_visit') }));
  await expectHeading(page, /./);
  expect(await stayed(page), 'no page was loaded on the way').toBe(true);
  await expect(page.locator('#live-polite')).toContainText(t('common.app_name'));
});

test('the first Tab leads past the navigation', async ({ page }) => {
  await page.goto('/doctors');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: t('shell.skip_to_content') })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
});

test('the summary of a refused form leads to what has to be fixed', async ({ page, request }) => {
  const doctor = anyOf(await doctors(request));
  const [start] = await freeTimes(request, doctor.id, doctor.visit_types[0].id);
  const next = `/book/${doctor.id}/review?visit_type=${doctor.visit_types[0].id}&start=${encodeURIComponent(start)}`;
  await page.goto(`/sign-up?next=${encodeURIComponent(next)}`);
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
