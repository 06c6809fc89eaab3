// A code from the phone besides the password: set up, asked for, replaced by a recovery code, turned off.
import { newPatient } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { main, signIn } from '../fixtures/people.mjs';
import { phone } from '../fixtures/phone.mjs';
import { t } from '../fixtures/words.mjs';

function button(page, key) {
  return main(page).getByRole('button', { name: t(key), exact: true });
}

/** Gives the password on the page of signing in; a code is asked for next. */
async function password(page, person) {
  await page.goto('/sign-in?next=/appointments');
  await page.getByLabel(t('common.email')).fill(person.email);
  await page.getByLabel(t('auth.password')).fill(person.password);
  await button(page, 'shell.sign_in').click();
  await expect(page.getByRole('heading', { level: 1, name: t('second_factor.sign_in_title') })).toBeVisible();
}

async function giveCode(page, code) {
  await main(page).getByRole('textbox', { name: t('second_factor.code') }).fill(code);
  await button(page, 'shell.sign_in').click();
}

async function isIn(page) {
  await expect(page.getByRole('heading', { level: 1, name: t('patient.my_visits') })).toBeVisible();
}

withAndWithoutScripts(() => {
  test('a code is set up, asked for once each, and turned off', { tag: '@engine' }, async ({ page, request, another, gate }) => {
    // A page that is open where one was signed out tries to hear again, and the browser says that it may not.
    gate.allowText("/ws' failed: HTTP Authentication failed");
    const person = await newPatient(request);
    await signIn(page, person.email, { password: person.password, next: '/account/security' });
    await main(page).getByRole('link', { name: t('second_factor.open') }).click();
    await main(page).getByLabel(t('auth.password')).fill('certainly not this one');
    await button(page, 'second_factor.begin').click();
    await expect(page.getByRole('alert').getByText(t('error.password_wrong'))).toBeVisible();
    await main(page).getByLabel(t('auth.password')).fill(person.password);
    await button(page, 'second_factor.begin').click();

    // The picture for the camera, and the same as letters.
    await expect(page.getByRole('img', { name: t('second_factor.qr_label') })).toBeVisible();
    const mine = phone(await main(page).locator('.secret').innerText());
    await main(page).getByRole('textbox', { name: t('second_factor.code') }).fill('000000');
    await button(page, 'second_factor.confirm').click();
    await expect(page.getByRole('alert').getByText(t('error.code_wrong'))).toBeVisible();
    const first = mine.code();
    await main(page).getByRole('textbox', { name: t('second_factor.code') }).fill(first);
    await button(page, 'second_factor.confirm').click();
    await expect(main(page)).toContainText(t('second_factor.saved_on'));
    const recovery = await main(page).locator('.recovery-codes .secret').allInnerTexts();
    expect(new Set(recovery).size).toBe(10);

    const elsewhere = await another();
    await password(elsewhere, person);
    // The code that turned it on was used; nobody comes in past the question.
    await giveCode(elsewhere, first);
    await expect(elsewhere.getByRole('alert').getByText(t('error.code_wrong'))).toBeVisible();
    await elsewhere.goto('/appointments');
    await expect(elsewhere.getByRole('heading', { level: 1, name: t('auth.sign_in_title') })).toBeVisible();
    await password(elsewhere, person);
    await giveCode(elsewhere, mine.code() ?? recovery[9]);
    await isIn(elsewhere);

    // Without the phone a recovery code does, however it is typed, and once.
    const lost = await another();
    await password(lost, person);
    await giveCode(lost, recovery[0].toLowerCase().replaceAll('-', ' '));
    await isIn(lost);
    const again = await another();
    await password(again, person);
    await giveCode(again, recovery[0]);
    await expect(again.getByRole('alert').getByText(t('error.code_wrong'))).toBeVisible();

    await page.goto('/account/second-factor');
    await main(page).getByRole('link', { name: t('second_factor.off') }).click();
    await main(page).getByLabel(t('auth.password')).fill(person.password);
    await main(page).getByRole('textbox', { name: t('second_factor.code') }).fill(recovery[1]);
    await button(page, 'second_factor.off').click();
    await expect(main(page)).toContainText(t('second_factor.saved_off'));
    await signIn(again, person.email, { password: person.password, next: '/appointments' });
    await isIn(again);
  });
});
