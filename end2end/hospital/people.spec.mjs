// Who works where: invitations, suspended members, and a new hospital of the platform.
import { hospitalOf } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, PLATFORM, main, signIn, stranger } from '../fixtures/people.mjs';
import { phone } from '../fixtures/phone.mjs';
import { t } from '../fixtures/words.mjs';

/** The path of the link that was shown once. */
async function invitationLink(page) {
  const link = await page.getByLabel(t('hospital_members.link')).inputValue();
  return new URL(link).pathname;
}

async function accept(page, link, person) {
  await page.goto(link);
  await expect(main(page)).toContainText(person.email);
  await page.getByLabel(t('auth.full_name')).fill(person.full_name);
  await page.getByLabel(t('auth.new_password')).fill(person.password);
  await page.getByRole('button', { name: t('auth.accept') }).click();
}

/** A new hospital asks its staff for a code from a phone first, and says so. */
async function setUpPhone(page, hospital, person) {
  await expect(page).toHaveURL(/\/account\/second-factor/);
  await expect(main(page)).toContainText(t('second_factor.staff_asked', { hospital }));
  await main(page).getByLabel(t('auth.password')).fill(person.password);
  await main(page).getByRole('button', { name: t('second_factor.begin') }).click();
  const mine = phone(await main(page).locator('.secret').innerText());
  await main(page).getByRole('textbox', { name: t('second_factor.code') }).fill(mine.code());
  await main(page).getByRole('button', { name: t('second_factor.confirm') }).click();
  await expect(main(page)).toContainText(t('second_factor.saved_on'));
  await main(page).getByRole('link', { name: t('second_factor.to_hospital') }).click();
  await expect(page).toHaveURL(/\/hospital\/[0-9a-f-]{36}/);
}

withAndWithoutScripts(() => {
  test('somebody invited works at the desk until she is suspended', async ({ page, another, request, gate }) => {
    gate.allow(404);
    const hospital = await hospitalOf(request, ADMIN);
    const person = stranger('Dora');
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/members` });
    await page.getByLabel(t('common.email')).fill(person.email);
    await page.getByRole('radio', { name: t('hospital_members.desk'), exact: false }).first().check();
    await page.getByRole('button', { name: t('hospital_members.invite_action') }).click();
    await expect(main(page)).toContainText(t('hospital_members.invited', { email: person.email }));
    const link = await invitationLink(page);

    const guest = await another();
    await accept(guest, link, person);
    await expect(guest).toHaveURL(new RegExp(`/hospital/${hospital.id}`));
    const navigation = guest.getByRole('navigation', { name: t('shell.main_navigation') });
    await expect(navigation.getByRole('link', { name: t('hospital_frame.patients') })).toBeVisible();
    // A link works once.
    await guest.goto(link);
    await expect(main(guest).getByText(t('error.invitation_invalid'))).toBeVisible();

    await page.goto(`/hospital/${hospital.id}/members`);
    const row = main(page).getByRole('row').filter({ hasText: person.email });
    await row.getByRole('button', { name: t('hospital_members.suspend') }).click();
    await expect(row).toContainText(t('hospital_members.suspended'));
    const refused = await guest.goto(`/hospital/${hospital.id}/patients`);
    expect(refused.status()).toBe(404);
  });

  test('an invitation that went to a wrong address is taken back', async ({ page, another, request, gate }) => {
    gate.allow(404);
    const hospital = await hospitalOf(request, ADMIN);
    const person = stranger('Wera');
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/members` });
    await page.getByLabel(t('common.email')).fill(person.email);
    await page.getByRole('button', { name: t('hospital_members.invite_action') }).click();
    await expect(main(page)).toContainText(t('hospital_members.invited', { email: person.email }));
    const link = await invitationLink(page);

    const row = main(page).getByRole('row').filter({ hasText: person.email });
    await row.locator('summary').filter({ hasText: t('hospital_members.withdraw') }).click();
    await expect(row).toContainText(t('hospital_members.withdraw_text', { email: person.email }));
    await row.getByRole('button', { name: t('hospital_members.withdraw_action') }).click();
    await expect(main(page).getByText(t('hospital_members.withdrawn'))).toBeVisible();
    await expect(row).toHaveCount(0);

    const guest = await another();
    await guest.goto(link);
    await expect(main(guest).getByText(t('error.invitation_invalid'))).toBeVisible();
    await expect(guest.getByRole('button', { name: t('auth.accept') })).toHaveCount(0);
  });

  test('an invitation is for one address only', async ({ page, another, request }) => {
    const hospital = await hospitalOf(request, ADMIN);
    const person = stranger('Ines');
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/members` });
    await page.getByLabel(t('common.email')).fill(person.email);
    await page.getByRole('button', { name: t('hospital_members.invite_action') }).click();
    const link = await invitationLink(page);
    const stray = await another();
    await signIn(stray, 'patient2@demo.example', { next: link });
    await expect(main(stray).getByText(t('auth.invitation_stranger', { email: person.email }))).toBeVisible();
    await expect(stray.getByRole('button', { name: t('auth.accept') })).toHaveCount(0);
  });

  test('the platform opens a hospital, and its administrator begins', async ({ page, another }) => {
    const person = stranger('Ada');
    const name = `House ${person.full_name.split(' ')[1]}`;
    await signIn(page, PLATFORM, { next: '/hospital/platform' });
    await main(page).getByRole('link', { name: t('hospital_platform.add') }).click();
    await page.getByLabel(t('hospital_setup.hospital_name')).fill(name);
    await page.getByLabel(t('hospital_setup.address')).fill('1 Quay Street');
    await page.getByLabel(t('hospital_setup.city')).fill('Auckland');
    await page.getByLabel(t('hospital_setup.zone')).fill('Pacific/Auckland');
    await page.getByLabel(t('hospital_setup.currency')).selectOption('NZD');
    await page.getByRole('button', { name: t('common.save'), exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();

    await page.getByLabel(t('common.email')).fill(person.email);
    await page.getByRole('button', { name: t('hospital_members.invite_action') }).click();
    const link = await invitationLink(page);
    const administrator = await another();
    await accept(administrator, link, person);
    await setUpPhone(administrator, name, person);
    const here = new URL(administrator.url()).pathname;
    await administrator.goto(`${here}/doctors`);
    await expect(main(administrator).getByText(t('hospital_doctors.none'))).toBeVisible();
    await administrator.goto(`${here}/settings`);
    await expect(administrator.getByLabel(t('hospital_setup.zone'))).toHaveValue('Pacific/Auckland');
  });

  test('an address that is none is refused in place', async ({ page, request, gate }) => {
    gate.allow(422);
    const hospital = await hospitalOf(request, ADMIN);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/members` });
    await page.getByLabel(t('common.email')).fill('somebody@nowhere');
    await page.getByRole('button', { name: t('hospital_members.invite_action') }).click();
    await expect(page.getByRole('alert').getByText(t('error.email_invalid'))).toBeVisible();
    await expect(page.getByLabel(t('common.email'))).toHaveValue('somebody@nowhere');
  });
});
