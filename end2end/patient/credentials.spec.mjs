// What an account signs in with: confirming the address, a forgotten password, and changing both.
import { anyOf, doctors, freeTimes, newPatient } from '../fixtures/house.mjs';
import { bookNow, expectBooked } from '../fixtures/booking.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { linkTo } from '../fixtures/mail.mjs';
import { main, signIn, signUp, stranger } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

const OTHER = 'four green kingfishers at dawn';

function button(page, key) {
  return main(page).getByRole('button', { name: t(key) });
}

withAndWithoutScripts(() => {
  test('somebody signs up, confirms her address, and books', { tag: '@engine' }, async ({ page, request }) => {
    const doctor = anyOf(await doctors(request));
    const kind = doctor.visit_types[0];
    const start = anyOf(await freeTimes(request, doctor.id, kind.id));
    const review = `/book/${doctor.id}/review?visit_type=${kind.id}&start=${encodeURIComponent(start)}`;
    await page.goto(`/sign-up?next=${encodeURIComponent(review)}`);
    const person = stranger();
    await signUp(page, person);

    // Told before the last step, with what was chosen still in sight.
    await expect(main(page)).toContainText(t('credentials.book_title'));
    await expect(main(page)).toContainText(person.email);
    await expect(main(page).locator('time')).toHaveAttribute('datetime', start);
    await expect(button(page, 'booking.book_now')).toHaveCount(0);
    await page.goto('/doctors');
    await expect(main(page)).toContainText(t('credentials.unverified_title'));

    await page.goto(await linkTo(person.email, '/verify?token='));
    await expect(main(page).getByLabel(t('auth.password'))).toHaveCount(0);
    await button(page, 'credentials.verify_action').click();
    await expect(page.getByRole('heading', { level: 1, name: t('booking.review_title') })).toBeVisible();
    await bookNow(page, 'At last');
    await expectBooked(page);
    await page.goto('/');
    await expect(main(page).getByText(t('credentials.unverified_title'))).toHaveCount(0);
  });

  test('the link works in another browser with the password, and once', async ({ page, another, gate }) => {
    gate.allow(404);
    const person = stranger();
    await page.goto('/sign-up');
    await signUp(page, person);
    await button(page, 'credentials.send_again').click();
    await expect(page.getByRole('heading', { level: 1, name: t('credentials.sent_title') })).toBeVisible();

    const phone = await another();
    const link = await linkTo(person.email, '/verify?token=');
    await phone.goto(link);
    await main(phone).getByLabel(t('auth.password')).fill('certainly not this one');
    await button(phone, 'credentials.verify_action').click();
    await expect(phone.getByRole('alert').getByText(t('error.password_not_this'))).toBeVisible();
    await main(phone).getByLabel(t('auth.password')).fill(person.password);
    await button(phone, 'credentials.verify_action').click();
    await expect(phone.getByRole('heading', { level: 1, name: t('credentials.verified_title') })).toBeVisible();
    await phone.goto(link);
    await expect(main(phone)).toContainText(t('credentials.link_ended_confirmed'));
  });

  test('a forgotten password is replaced by mail', async ({ page, request, another, gate }) => {
    gate.allow(404);
    // A page that is open where one was signed out tries to hear again, and the browser says that it may not.
    gate.allowText("/ws' failed: HTTP Authentication failed");
    const person = await newPatient(request);
    const elsewhere = await another();
    await signIn(elsewhere, person.email, { password: person.password });
    await page.goto('/sign-in');
    await main(page).getByRole('link', { name: t('credentials.forgot_link') }).click();
    await main(page).getByLabel(t('common.email')).fill(person.email);
    await button(page, 'credentials.forgot_action').click();
    await expect(main(page)).toContainText(t('credentials.forgot_sent'));

    const link = await linkTo(person.email, '/reset-password?token=');
    await page.goto(link);
    await main(page).getByLabel(t('auth.new_password')).fill('password password');
    await button(page, 'credentials.reset_action').click();
    await expect(page.getByRole('alert').getByText(t('error.password_common'))).toBeVisible();
    await main(page).getByLabel(t('auth.new_password')).fill(OTHER);
    await button(page, 'credentials.reset_action').click();
    await expect(main(page)).toContainText(t('credentials.reset_done'));
    await signIn(page, person.email, { password: OTHER });

    await elsewhere.goto('/appointments');
    await expect(elsewhere.getByRole('heading', { level: 1, name: t('auth.sign_in_title') })).toBeVisible();
    await page.goto(link);
    await expect(main(page)).toContainText(t('credentials.link_ended'));
  });

  test('a password is changed, and other places are signed out', async ({ page, request, another, gate }) => {
    // A page that is open where one was signed out tries to hear again, and the browser says that it may not.
    gate.allowText("/ws' failed: HTTP Authentication failed");
    const person = await newPatient(request);
    const elsewhere = await another();
    await signIn(elsewhere, person.email, { password: person.password });
    await signIn(page, person.email, { password: person.password });
    await page.locator('.site-account summary').click();
    await page.getByRole('link', { name: t('credentials.security_title') }).click();
    await main(page).getByLabel(t('credentials.current_password')).fill('certainly not this one');
    await main(page).getByLabel(t('credentials.new_password')).fill(OTHER);
    await button(page, 'credentials.password_action').click();
    await expect(page.getByRole('alert').getByText(t('error.password_wrong'))).toBeVisible();
    await main(page).getByLabel(t('credentials.current_password')).fill(person.password);
    await main(page).getByLabel(t('credentials.new_password')).fill(OTHER);
    await button(page, 'credentials.password_action').click();
    await expect(main(page)).toContainText(t('credentials.password_saved'));

    await page.goto('/appointments');
    await expect(page.getByRole('heading', { level: 1, name: t('patient.my_visits') })).toBeVisible();
    await elsewhere.goto('/appointments');
    await expect(elsewhere.getByRole('heading', { level: 1, name: t('auth.sign_in_title') })).toBeVisible();
  });

  test('an address is changed, and its owner takes it back', async ({ page, request, another, gate }) => {
    // A page that is open where one was signed out tries to hear again, and the browser says that it may not.
    gate.allowText("/ws' failed: HTTP Authentication failed");
    const person = await newPatient(request);
    const fresh = stranger().email;
    await signIn(page, person.email, { password: person.password, next: '/account/security' });
    await main(page).getByLabel(t('credentials.new_email')).fill(fresh);
    await main(page).getByLabel(t('auth.password'), { exact: true }).fill(person.password);
    await button(page, 'credentials.email_action').click();
    await expect(main(page)).toContainText(t('credentials.email_saved'));
    await page.goto(await linkTo(fresh, '/verify?token='));
    await button(page, 'credentials.verify_action').click();
    await expect(main(page)).toContainText(fresh);

    const owner = await another();
    await owner.goto(await linkTo(person.email, '/undo-email?token='));
    await button(owner, 'credentials.undo_action').click();
    await expect(owner.getByRole('heading', { level: 1, name: t('credentials.undo_done_title') })).toBeVisible();
    await owner.goto(await linkTo(person.email, '/reset-password?token='));
    await main(owner).getByLabel(t('auth.new_password')).fill(OTHER);
    await button(owner, 'credentials.reset_action').click();
    await signIn(owner, person.email, { password: OTHER });
    await page.goto('/appointments');
    await expect(page.getByRole('heading', { level: 1, name: t('auth.sign_in_title') })).toBeVisible();
  });
});
