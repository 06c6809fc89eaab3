// A doctor is found by name in the lists that have grown long: on the page for walk-ins, and where the visits of a doctor are changed.
// That short lists have no field is tested with the pages: here others make doctors meanwhile.
import { anyOf, doctors, hospitalOf, newDoctor } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, DESK, main, signIn } from '../fixtures/people.mjs';
import { like, t } from '../fixtures/words.mjs';

const field = (page) => page.getByLabel(t('doctors_by_name.label'));
const search = (page) => page.getByRole('search', { name: t('doctors_by_name.form') }).getByRole('button', { name: t('common.search') });

withAndWithoutScripts(() => {
  test('the desk finds out when a doctor is free by her name', async ({ page, request }) => {
    const hospital = await hospitalOf(request, DESK);
    const doctor = anyOf(await doctors(request, hospital.id));
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/walk-in?name=Nobody%20Yet&q=nobody%20at%20all` });
    const free = main(page).getByRole('region', { name: t('walk_in.free_title') });
    await expect(free.getByText(t('doctors_by_name.nobody'))).toBeVisible();
    await expect(field(page)).toHaveValue('nobody at all');

    await field(page).fill(doctor.name);
    await search(page).click();
    await expect(free.getByText(doctor.name, { exact: true })).toBeVisible();
    await expect(free.getByText(like('doctors_by_name.found'))).toBeVisible();
    await expect(field(page)).toHaveValue(doctor.name);
    const name = page.getByLabel(t('walk_in.name'));
    await expect(name, 'who has come is still known').toHaveValue('Nobody Yet');
    await expect(name, 'and is changed where the name unfolds').toBeHidden();
    await main(page).getByText(t('walk_in.other_name'), { exact: true }).click();
    await expect(name).toBeVisible();

    await page.goto(`/hospital/${hospital.id}/walk-in?name=Nobody&q=nobody%20at%20all`);
    await free.getByRole('link', { name: t('doctors_by_name.everybody') }).click();
    await expect(page).toHaveURL(`/hospital/${hospital.id}/walk-in?name=Nobody`);
    await expect(free.getByText(doctor.name, { exact: true })).toBeVisible();
  });

  test('nobody is asked for a doctor before the desk has typed who has come', async ({ page, request }) => {
    const hospital = await hospitalOf(request, DESK);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/walk-in` });
    await expect(page.getByLabel(t('walk_in.name'))).toBeVisible();
    await expect(main(page).getByRole('region', { name: t('walk_in.free_title') })).toHaveCount(0);
    await expect(field(page)).toHaveCount(0);
    await page.getByLabel(t('walk_in.name')).fill('Nobody Yet');
    await main(page).getByRole('search').getByRole('button').click();
    await expect(main(page).getByRole('region', { name: t('walk_in.free_title') })).toBeVisible();
    await expect(page.getByLabel(t('walk_in.name'))).toBeHidden();
  });

  test('an administrator finds the doctor whose visits are to be changed', async ({ page, request }) => {
    const { hospital, doctor } = await newDoctor(request);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/changes?q=nobody%20at%20all` });
    await expect(main(page).getByText(t('doctors_by_name.nobody'))).toBeVisible();
    const typed = doctor.name.split(' ').at(-1).toUpperCase();
    await field(page).fill(typed);
    await search(page).click();
    await expect(field(page)).toHaveValue(typed);
    const begin = main(page).getByRole('region', { name: t('changes.begin') });
    await expect(begin.getByRole('listitem')).toHaveText([doctor.name]);
    await begin.getByRole('link', { name: doctor.name }).click();
    await expect(page).toHaveURL(`/hospital/${hospital.id}/changes/doctor/${doctor.id}`);
  });
});
