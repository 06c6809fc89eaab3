// Passkeys in a real browser, whose key is one of Chromium's own: added, used instead of password and code, renamed, removed.
import { newPatient } from '../fixtures/house.mjs';
import { expect, test } from '../fixtures/journey.mjs';
import { main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

// Browsers bind passkeys to names and not to numbers.
const NAMED = (process.env.BASE_URL ?? 'http://127.0.0.1:3000').replace('127.0.0.1', 'localhost');

function button(page, key) {
  return main(page).getByRole('button', { name: t(key), exact: true });
}

/** Puts a key into a page's browser that is there at once and knows whose finger it is. */
async function keyOf(page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', { options });
  return {
    held: async () => (await browser.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    refuse: (refuses) => browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: !refuses }),
  };
}

test.describe('with scripts', () => {
  test.use({ baseURL: NAMED });

  test('a passkey is added, signs in by itself, and is worth nothing once it is removed', { tag: '@engine' }, async ({ page, request, gate }) => {
    // Until the answer to the removal has come, the page may try to hear again with the session that has ended, and the browser says so.
    gate.allowText("/ws' failed: HTTP Authentication failed");
    const person = await newPatient(request);
    const key = await keyOf(page);
    await signIn(page, person.email, { password: person.password, next: '/account/security' });
    await main(page).getByRole('link', { name: t('passkeys.open') }).click();
    await expect(main(page)).toContainText(t('passkeys.none'));
    await expect(main(page).getByText(t('passkeys.without'))).toBeHidden();
    await button(page, 'passkeys.begin').click();
    await main(page).getByRole('textbox', { name: t('passkeys.name') }).fill('My phone');
    await button(page, 'passkeys.make').click();
    await expect(main(page)).toContainText(t('passkeys.saved_added'));
    await expect(main(page).getByRole('rowheader', { name: 'My phone' })).toBeVisible();
    expect(await key.held()).toHaveLength(1);

    // The same device makes no second one.
    await button(page, 'passkeys.begin').click();
    await button(page, 'passkeys.make').click();
    await expect(main(page).getByRole('status')).toHaveText(t('passkeys.make_known'));

    await page.context().clearCookies();
    await page.goto('/sign-in?next=/appointments');
    await button(page, 'passkeys.sign_in').click();
    await expect(page.getByRole('heading', { level: 1, name: t('patient.my_visits') })).toBeVisible();

    await page.goto('/account/passkeys');
    await main(page).getByRole('link', { name: t('passkeys.rename') }).click();
    await main(page).getByRole('textbox', { name: t('passkeys.name') }).fill('Old phone');
    await button(page, 'passkeys.rename_action').click();
    await expect(main(page).getByRole('rowheader', { name: 'Old phone' })).toBeVisible();
    await main(page).getByRole('link', { name: t('passkeys.remove') }).click();
    await button(page, 'passkeys.remove_action').click();
    await expect(main(page)).toContainText(t('passkeys.saved_removed'));

    await page.context().clearCookies();
    await page.goto('/sign-in');
    await button(page, 'passkeys.sign_in').click();
    await expect(page.getByRole('alert').getByText(t('error.passkey_failed'))).toBeVisible();
  });

  test('a finger that is not known signs nobody in, and the page says what to do', async ({ page, request }) => {
    const person = await newPatient(request);
    const key = await keyOf(page);
    await signIn(page, person.email, { password: person.password, next: '/account/passkeys' });
    await button(page, 'passkeys.begin').click();
    await button(page, 'passkeys.make').click();
    await expect(main(page)).toContainText(t('passkeys.saved_added'));
    await page.context().clearCookies();
    await key.refuse(true);
    await page.goto('/sign-in');
    await button(page, 'passkeys.sign_in').click();
    await expect(main(page).getByRole('status')).toHaveText(t('passkeys.sign_in_failed'));
    await key.refuse(false);
    await button(page, 'passkeys.sign_in').click();
    await expect(page).not.toHaveURL(/\/sign-in/);
  });
});

test.describe('without scripts', () => {
  test.use({ baseURL: NAMED, javaScriptEnabled: false });

  test('nothing is offered that cannot work, and the password does', async ({ page, request }) => {
    const person = await newPatient(request);
    await page.goto('/sign-in');
    await expect(button(page, 'passkeys.sign_in')).toBeHidden();
    await signIn(page, person.email, { password: person.password, next: '/account/passkeys' });
    await expect(main(page).getByText(t('passkeys.without'))).toBeVisible();
    await expect(button(page, 'passkeys.begin')).toBeHidden();
  });
});
