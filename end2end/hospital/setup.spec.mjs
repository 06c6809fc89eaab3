// What an administrator sets up: visit types, departments, the hospital itself.
import { hospitalOf, read } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, main, signIn, unique } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

withAndWithoutScripts(() => {
  test('a visit type is made, refused, corrected and closed', async ({ page, request, gate }) => {
    gate.allow(422);
    const hospital = await hospitalOf(request, ADMIN);
    const name = `Check ${unique()}`;
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/visit-types` });
    await main(page).getByRole('link', { name: t('hospital_setup.visit_type_add') }).click();
    await page.getByLabel(t('common.name'), { exact: true }).fill(name);
    await page.getByLabel(t('hospital_setup.length')).fill('25');
    await page.getByLabel(t('hospital_visit.price')).fill('as you like');
    await page.getByRole('button', { name: t('common.save'), exact: true }).click();
    await expect(page.getByRole('alert').getByText(t('error.price_invalid'))).toBeVisible();
    await expect(page.getByLabel(t('common.name'), { exact: true })).toHaveValue(name);
    await expect(page.getByLabel(t('hospital_visit.price'))).toHaveValue('as you like');

    await page.getByLabel(t('hospital_visit.price')).fill('49,50');
    await page.getByRole('button', { name: t('common.save'), exact: true }).click();
    await expect(main(page).getByText(t('common.saved'), { exact: true })).toBeVisible();
    const row = main(page).getByRole('row').filter({ hasText: name });
    await expect(row).toContainText('49.50');
    await expect(row).toContainText(t('hospital_setup.open'));

    // What patients have to be asked back for, they are not shown.
    await row.getByRole('link', { name }).click();
    await page.getByRole('checkbox', { name: t('hospital_setup.follow_up_only') }).check();
    await page.getByRole('button', { name: t('common.save'), exact: true }).click();
    await expect(row).toContainText(t('hospital_setup.open_when_asked'));
    const shown = await read(request, `/hospitals/${hospital.id}/visit-types`);
    expect(shown.some((type) => type.name === name)).toBe(false);

    await row.getByRole('link', { name }).click();
    // Kinds that are for those who are asked back are named with these words, too.
    await page.getByRole('checkbox', { name: new RegExp(`^${t('hospital_setup.visit_type_open')}`) }).uncheck();
    await page.getByRole('button', { name: t('common.save'), exact: true }).click();
    await expect(row).toContainText(t('hospital_setup.closed'));
    const types = await read(request, `/hospitals/${hospital.id}/visit-types`, hospital.token);
    expect(types.find((type) => type.name === name)).toMatchObject({ minutes: 25, active: false, price: { amount_minor: 4950 } });
  });

  test('a department is added once', async ({ page, request, gate }) => {
    gate.allow(409);
    gate.allow(422);
    const hospital = await hospitalOf(request, ADMIN);
    const name = `Ward ${unique()}`;
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/departments` });
    const add = async () => {
      await page.getByLabel(t('common.name'), { exact: true }).fill(name);
      await main(page).getByRole('button', { name: t('common.add'), exact: true }).click();
    };
    await add();
    await expect(main(page).getByText(t('common.saved'), { exact: true })).toBeVisible();
    await expect(main(page).getByRole('listitem').filter({ hasText: name })).toHaveCount(1);
    await add();
    await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toBeVisible();
    await expect(main(page).getByRole('listitem').filter({ hasText: new RegExp(`^${name}$`) })).toHaveCount(1);
  });

  test('a zone that does not exist is refused, and the hospital stays as it was', async ({ page, request, gate }) => {
    gate.allow(409);
    gate.allow(422);
    const hospital = await hospitalOf(request, ADMIN);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/settings` });
    await page.getByLabel(t('hospital_setup.zone')).fill('Europe/Atlantis');
    await page.getByRole('button', { name: t('common.save'), exact: true }).click();
    await expect(page.getByRole('alert').getByText(t('error.zone_unknown'))).toBeVisible();
    await expect(page.getByLabel(t('hospital_setup.zone'))).toHaveValue('Europe/Atlantis');
    expect((await read(request, `/hospitals/${hospital.id}`)).time_zone).not.toBe('Europe/Atlantis');
  });
});
