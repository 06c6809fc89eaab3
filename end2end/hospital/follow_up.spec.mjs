// A hospital says what a paid visit opens: which visits are free after it, how many, and for how long.
import { create, hospitalOf, read } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, main, signIn, unique } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

withAndWithoutScripts(() => {
  test('a rule for free visits is made, refused, corrected and taken back', async ({ page, request, gate }) => {
    gate.allow(422);
    const hospital = await hospitalOf(request, ADMIN);
    const kind = { name: `Again ${unique()}`, modality: 'in_person', minutes: 20, price_minor: 3000, active: false };
    const type = await create(request, `/hospitals/${hospital.id}/visit-types`, hospital.token, kind);
    const rule = () => read(request, `/hospitals/${hospital.id}/visit-types/${type.id}/free-visits`, hospital.token);
    const path = `/hospital/${hospital.id}/visit-types/${type.id}`;
    await signIn(page, ADMIN, { next: path });
    const save = page.getByRole('button', { name: t('hospital_money.follow_up_save') });
    const box = page.getByRole('checkbox', { name: kind.name });

    await box.check();
    await page.getByLabel(t('hospital_money.free_visits')).fill('99');
    await page.getByLabel(t('hospital_money.free_days')).fill('14');
    await save.click();
    await expect(main(page).getByText(t('error.free_visits_out_of_range')).first()).toBeVisible();
    await expect(page.getByLabel(t('hospital_money.free_visits'))).toHaveValue('99');
    await expect(box).toBeChecked();

    await page.getByLabel(t('hospital_money.free_visits')).fill('2');
    await save.click();
    await expect(main(page).getByText(t('hospital_money.follow_up_saved'))).toBeVisible();
    expect(await rule()).toMatchObject({ visits: 2, days: 14, visit_type_ids: [type.id] });

    await page.goto(path);
    await expect(page.getByLabel(t('hospital_money.free_days'))).toHaveValue('14');
    await box.uncheck();
    await save.click();
    await expect(main(page).getByText(t('hospital_money.follow_up_saved'))).toBeVisible();
    expect(await rule()).toMatchObject({ visits: 0, visit_type_ids: [] });
  });
});
