// Signing up, signing in, signing out; what was typed survives a refusal.
import { newPatient } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { linkTo } from '../fixtures/mail.mjs';
import { DEMO_PASSWORD, main, signIn, signOut, signUp, stranger } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

withAndWithoutScripts(() => {
  test('a stranger makes an account, signs out and comes back', async ({ page }) => {
    const person = stranger();
    await page.goto('/');
    await page.getByRole('link', { name: t('shell.sign_up') }).first().click();
    await signUp(page, person);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('patient.greeting', { name: person.full_name }));
    await expect(main(page).getByText(t('patient.no_upcoming'))).toBeVisible();

    await signOut(page);
    await signIn(page, person.email, { password: person.password });
    await expect(page.getByRole('heading', { level: 1 })).toContainText(person.full_name);
  });

  test('a refused sign-up keeps what was typed, except the password', async ({ page }) => {
    const person = stranger();
    await page.goto('/sign-up');
    await signUp(page, { ...person, email: 'somebody@nowhere', password: 'short' });
    const summary = page.getByRole('alert').filter({ hasText: t('ui.problem_title', { count: 2 }) });
    await expect(summary).toBeVisible();
    await expect(page.getByLabel(t('auth.full_name'))).toHaveValue(person.full_name);
    await expect(page.getByLabel(t('auth.birth_date'))).toHaveValue(person.birth_date);
    await expect(page.getByLabel(t('common.email'))).toHaveValue('somebody@nowhere');
    await expect(page.getByLabel(t('auth.new_password'))).toHaveValue('');
    await expect(page.getByLabel(t('auth.new_password'))).toHaveAttribute('aria-invalid', 'true');

    // Each line of the summary leads to its field.
    await summary.getByRole('link', { name: t('error.password_too_short') }).click();
    await expect(page.getByLabel(t('auth.new_password'))).toBeFocused();
    await signUp(page, person);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(person.full_name);
  });

  test('somebody sees where she is signed in, and signs out there', async ({ page, request, another }) => {
    const person = await newPatient(request);
    const other = await another({ javaScriptEnabled: false });
    await signIn(other, person.email, { password: person.password });
    await signIn(page, person.email, { password: person.password });
    await page.locator('.site-account summary').click();
    await page.getByRole('link', { name: t('credentials.security_title') }).click();
    await main(page).getByRole('link', { name: t('sign_ins.title') }).click();
    await expect(main(page).getByText(t('sign_ins.this_one'))).toBeVisible();
    const ends = main(page).getByRole('button', { name: new RegExp(`^${t('sign_ins.end')} ?:`) });
    await expect(ends).toHaveCount(2);
    await ends.first().click();
    await expect(main(page).getByText(t('sign_ins.ended'))).toBeVisible();
    await expect(ends).toHaveCount(1);
    await main(page).getByRole('button', { name: t('sign_ins.end_others') }).click();
    await expect(ends).toHaveCount(0);
    await other.goto('/appointments');
    await expect(other.getByRole('heading', { level: 1, name: t('auth.sign_in_title') })).toBeVisible();
    await page.goto('/appointments');
    await expect(page.getByRole('heading', { level: 1, name: t('patient.my_visits') })).toBeVisible();
  });

  test('signing up does not tell whether an address has an account', async ({ page, request }) => {
    const known = await newPatient(request);
    await page.goto('/sign-up');
    await signUp(page, { ...stranger(), email: known.email });
    await expect(main(page)).toContainText(t('credentials.unverified_title'));
    // Her owner is told, by mail, and is still the one who signs in.
    expect(await linkTo(known.email, '/sign-in')).toBe('/sign-in');
    await signOut(page);
    await signIn(page, known.email, { password: known.password });
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('patient.greeting', { name: known.full_name }));
  });

  test('a wrong password keeps the address and says no more than that', async ({ page }) => {
    for (const email of ['patient@demo.example', stranger().email]) {
      await page.goto('/sign-in');
      await page.getByLabel(t('common.email')).fill(email);
      await page.getByLabel(t('auth.password')).fill('certainly not this');
      await main(page).getByRole('button', { name: t('shell.sign_in'), exact: true }).click();
      await expect(page.getByRole('alert').getByText(t('error.sign_in_failed'))).toBeVisible();
      await expect(page.getByLabel(t('common.email'))).toHaveValue(email);
    }
  });

  test('whoever must sign in first comes out where she wanted to go', async ({ page }) => {
    await page.goto('/appointments');
    await expect(page).toHaveURL('/sign-in?next=%2Fappointments');
    await page.getByLabel(t('common.email')).fill('patient@demo.example');
    await page.getByLabel(t('auth.password')).fill(DEMO_PASSWORD);
    await main(page).getByRole('button', { name: t('shell.sign_in'), exact: true }).click();
    await expect(page).toHaveURL('/appointments');
    await expect(page.getByRole('heading', { level: 1, name: t('patient.my_visits') })).toBeVisible();
  });
});

test('signing in never leads to another site', async ({ page, baseURL }) => {
  await signIn(page, 'patient@demo.example', { next: '//elsewhere.example/' });
  expect(new URL(page.url()).origin).toBe(new URL(baseURL).origin);
});

test('a password can be looked at while it is typed, where there are scripts', async ({ page, another }) => {
  await page.goto('/sign-in');
  const field = page.getByLabel(t('auth.password'));
  await field.fill(DEMO_PASSWORD);
  const named = (words) => main(page).getByRole('button', { name: new RegExp(`^${t(words)} ?: ${t('auth.password')}$`) });
  await named('ui.show').press('Enter');
  await expect(field).toHaveAttribute('type', 'text');
  await expect(field).toHaveValue(DEMO_PASSWORD);
  await named('ui.hide').press('Enter');
  await expect(field).toHaveAttribute('type', 'password');

  const plain = await another({ javaScriptEnabled: false });
  await plain.goto('/sign-in');
  await expect(plain.locator('.show-password')).toBeHidden();
});

test('the way to an account keeps where somebody wanted to go, and does not lead to itself', async ({ page }) => {
  const link = page.locator('.site-account').getByRole('link');
  await page.goto('/sign-in?next=/appointments');
  await expect(link).toHaveAttribute('href', '/sign-up?next=%2Fappointments');
  await page.goto('/sign-up?next=/appointments');
  await expect(link).toHaveCount(0);
  await expect(page.locator('.site-nav a').last()).toHaveAttribute('href', '/sign-in?next=%2Fappointments');
});
